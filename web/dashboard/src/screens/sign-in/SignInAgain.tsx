import { useState } from 'react';
import { post, sentenceOf } from '../../api/http';
import { me, queryClient } from '../../api/queries';
import type { Me } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';

/** Signed out while away: the page stays behind, with what was typed in it. */
export function SignInAgain({ email, onDone }: { email: string; onDone: () => void }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const leave = (): void => {
    queryClient.clear();
    location.assign('/dashboard/sign-in');
  };
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      queryClient.setQueryData(me.queryKey, await post<Me>('/v1/auth/sign-in', { email, password }));
      void queryClient.invalidateQueries();
      onDone();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Sign in again to go on"
      onClose={leave}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={leave}>As someone else</Button>
          <Button look="solid" type="submit" busy={busy}>
            Sign in
          </Button>
        </>
      }
    >
      <p className="soft dialog__lead">Your session ended. What you typed is still here.</p>
      <TextField
        label={`Password of ${email}`}
        type="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        error={problem}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Dialog>
  );
}
