import { useState } from 'react';
import { post, Problem } from '../api/http';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { TextField } from '../ui/Field';
import { createStore, useStore } from './store';

interface Question {
  reason: string;
  answer: (confirmed: boolean) => void;
}

const question = createStore<Question | null>(null);

/** The person closed the password question: nothing was done. */
export class NotConfirmed extends Error {}

/**
 * Runs something sensitive. When the server wants the password first, asks for it once and runs it again: `action` must
 * carry the same idempotency key both times.
 */
export async function withPassword<T>(reason: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'confirm-password') throw error;
    const confirmed = await new Promise<boolean>((answer) => question.set({ reason, answer }));
    if (!confirmed) throw new NotConfirmed();
    return action();
  }
}

/** Stands once in the app, above everything that may ask. */
export function PasswordQuestion() {
  const asked = useStore(question);
  return asked ? <PasswordDialog key={asked.reason} asked={asked} /> : null;
}

function PasswordDialog({ asked }: { asked: Question }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const close = (confirmed: boolean): void => {
    question.set(null);
    asked.answer(confirmed);
  };
  const submit = async (): Promise<void> => {
    if (!password || busy) return;
    setBusy(true);
    try {
      await post('/v1/auth/confirm-password', { password });
      close(true);
    } catch (error) {
      setProblem(error instanceof Problem ? error.sentence : 'That did not work. Try again.');
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Confirm that it is you"
      onClose={() => close(false)}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={() => close(false)}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            Confirm
          </Button>
        </>
      }
    >
      <p className="soft dialog__lead">{asked.reason} Your password is asked for again after ten minutes.</p>
      <TextField
        label="Password"
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
