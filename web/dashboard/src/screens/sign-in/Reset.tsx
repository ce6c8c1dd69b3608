import { useState } from 'react';
import { Link } from 'wouter';
import { post, sentenceOf } from '../../api/http';
import { Button, buttonClass } from '../../ui/Button';
import { TextField } from '../../ui/Field';
import { Notice } from '../../ui/Notice';
import { DoorFrame } from './Frame';
import { PASSWORD_LEAST } from './Setup';

/** The token of a reset link stands in its fragment, which no server sees; it is taken out of the address at once. */
function tokenOfLink(): string {
  const token = location.hash.slice(1);
  if (token) history.replaceState(null, '', location.pathname);
  return token;
}

/** Two halves: asking for the link, and, with the link's token, choosing a new password. */
export function Reset() {
  const [token] = useState(tokenOfLink);
  const [value, setValue] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await (token
        ? post('/v1/auth/reset/confirm', { token, password: value })
        : post('/v1/auth/reset', { email: value.trim() }));
      setDone(true);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setBusy(false);
  };
  return (
    <DoorFrame
      title={token ? 'Choose a new password' : 'Forgot your password?'}
      foot={<Link to="/sign-in">Back to signing in</Link>}
    >
      {done ? (
        <div className="signin__done">
          <h1>{token ? 'Password changed' : 'Look at your mail'}</h1>
          <Notice tone="good">
            {token
              ? 'Every other session of yours was signed out.'
              : 'If there is an account with this e-mail, a link is on its way. It works once, for 30 minutes.'}
          </Notice>
          {token && (
            <Link className={buttonClass({ look: 'solid', size: 'l', wide: true })} to="/sign-in">
              Sign in
            </Link>
          )}
        </div>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <h1>{token ? 'Choose a new password' : 'Forgot your password?'}</h1>
          {token ? (
            <TextField
              label="New password"
              type="password"
              autoComplete="new-password"
              autoFocus
              large
              hint={`At least ${PASSWORD_LEAST} characters; a few words are fine.`}
              value={value}
              error={problem}
              onChange={(event) => setValue(event.target.value)}
            />
          ) : (
            <TextField
              label="E-mail"
              type="email"
              autoComplete="username"
              autoFocus
              large
              value={value}
              error={problem}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
          <Button type="submit" look="solid" size="l" wide busy={busy}>
            {token ? 'Change the password' : 'Send me a link'}
          </Button>
        </form>
      )}
    </DoorFrame>
  );
}
