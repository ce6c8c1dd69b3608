import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { post, Problem, sentenceOf } from '../../api/http';
import { me, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/Field';
import { DoorFrame } from './Frame';

/** Where to go after signing in: only ever a path of this app. */
export function destination(search: string): string {
  const then = new URLSearchParams(search).get('then') ?? '';
  return /^\/[a-z]/.test(then) && !then.startsWith('/sign-in') ? then : '/shows';
}

export function SignIn() {
  const [, navigate] = useLocation();
  const search = useSearch();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const submit = async (): Promise<void> => {
    if (busy) return;
    if (!email.trim() || !password) {
      setProblem('Type your e-mail and your password.');
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const session = await post<Me>('/v1/auth/sign-in', { email: email.trim(), password });
      queryClient.clear();
      queryClient.setQueryData(me.queryKey, session);
      navigate(destination(search), { replace: true });
    } catch (error) {
      setBusy(false);
      setProblem(
        error instanceof Problem && error.status === 401 && !error.next
          ? `${error.message} Check both, or use “Forgot it?”.`
          : sentenceOf(error),
      );
    }
  };

  return (
    <DoorFrame
      title="Sign in"
      foot={
        <>
          No account yet? The owner of your shop can make you one. <Link to="/setup">Setting up a new shop</Link>
        </>
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>Sign in</h1>
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          large
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          large
          value={password}
          error={problem}
          aside={
            <Link className="small" to="/reset">
              Forgot it?
            </Link>
          }
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="solid" size="l" wide busy={busy}>
          Sign in
        </Button>
      </form>
    </DoorFrame>
  );
}
