import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, post, Problem } from '../../api/http';
import { people as peopleQuery, queryClient } from '../../api/queries';
import type { Person, Role } from '../../api/types';
import { NotConfirmed, withPassword } from '../../lib/password';
import { roleNames } from '../../lib/roles';
import { useSession } from '../../lib/session';
import { clockOrDay } from '../../lib/time';
import { useNow } from '../../lib/useNow';
import { PageHead } from '../../shell/Page';
import { LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { SelectField, TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { Icon } from '../../ui/Icon';
import { Avatar } from '../../ui/Thumb';
import { toast, toastFailure } from '../../ui/toast';
import { PASSWORD_LEAST } from '../sign-in/Setup';

const roles: Role[] = ['owner', 'manager', 'host', 'moderator', 'analyst'];

const rights: [string, readonly Role[]][] = [
  ['See shows and figures', roles],
  ['Run the show: pin, start sales', ['owner', 'manager', 'host', 'moderator']],
  ['Moderate chat', ['owner', 'manager', 'host', 'moderator']],
  ['Plan shows, make keys, go live, end', ['owner', 'manager', 'host']],
  ['Products, prices, stock', ['owner', 'manager']],
  ['Orders with names, refunds', ['owner', 'manager']],
  ['People', ['owner', 'manager']],
  ['Shop and sites', ['owner']],
];

/** Who may do what. */
export function People() {
  const { user } = useSession();
  const answer = useQuery(peopleQuery);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Person>();
  const now = useNow(60_000);
  const list = answer.data?.items ?? [];
  const owners = list.filter(({ role }) => role === 'owner').length;
  const change = async (what: string, action: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await withPassword(what, action);
      toast(done);
    } catch (error) {
      if (!(error instanceof NotConfirmed)) toastFailure('Not changed', error);
    }
    await queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
  };
  // What someone may not change is text: nobody changes themselves, and only an owner makes or unmakes owners.
  const mayChange = (person: Person): boolean =>
    person.id !== user.id && !(person.role === 'owner' && (user.role !== 'owner' || owners < 2));
  return (
    <>
      <PageHead
        title="People"
        actions={
          <Button look="solid" icon="plus" onClick={() => setAdding(true)}>
            Add a person
          </Button>
        }
      />
      {!answer.data ? (
        answer.error ? (
          <LoadFailure what="People" error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <LoadingRows label="Loading people" />
        )
      ) : (
        <table className="table">
          <caption className="vh">People</caption>
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Role</th>
              <th scope="col">Last seen</th>
              <th scope="col">
                <span className="vh">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((person) => (
              <tr key={person.id}>
                <th scope="row">
                  <span className="row row--wide">
                    <Avatar name={person.name} large />
                    <span>
                      {person.name} {person.id === user.id && <span className="mute">you</span>}
                      <small>{person.email}</small>
                    </span>
                  </span>
                </th>
                <td>
                  {mayChange(person) ? (
                    <span className="pick people__role">
                      <select
                        className="select input--s"
                        aria-label={`Role of ${person.name}`}
                        value={person.role}
                        onChange={(event) => {
                          const role = event.target.value as Role;
                          void change(
                            `${person.name} becomes ${roleNames[role].toLowerCase()}.`,
                            () => call('PATCH', `/v1/admin/people/${person.id}`, { body: { role } }),
                            `${person.name} is now ${roleNames[role].toLowerCase()}`,
                          );
                        }}
                      >
                        {roles
                          .filter((role) => role !== 'owner' || user.role === 'owner')
                          .map((role) => (
                            <option key={role} value={role}>
                              {roleNames[role]}
                            </option>
                          ))}
                      </select>
                      <Icon name="down" size="s" />
                    </span>
                  ) : (
                    roleNames[person.role]
                  )}
                </td>
                <td className="mute">{person.last_seen_at ? clockOrDay(person.last_seen_at, now) : '–'}</td>
                <td className="num">
                  {mayChange(person) ? (
                    <Button size="s" aria-label={`Remove ${person.name}`} onClick={() => setRemoving(person)}>
                      Remove…
                    </Button>
                  ) : (
                    person.role === 'owner' && owners < 2 && <span className="mute">only owner</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <section className="people__rights" aria-label="What each role may do" tabIndex={0}>
        <h2>What each role may do</h2>
        <table className="table table--dense roles">
          <caption className="vh">Roles</caption>
          <thead>
            <tr>
              <td />
              {roles.map((role) => (
                <th scope="col" key={role}>
                  {roleNames[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rights.map(([what, by]) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                {roles.map((role) => (
                  <td key={role}>
                    {by.includes(role) ? (
                      <>
                        <Icon name="check" />
                        <span className="vh">yes</span>
                      </>
                    ) : (
                      <span className="vh">no</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {adding && <AddPerson owner={user.role === 'owner'} onClose={() => setAdding(false)} />}
      {removing && (
        <Dialog
          title={`Remove ${removing.name}?`}
          onClose={() => setRemoving(undefined)}
          footer={
            <>
              <Button onClick={() => setRemoving(undefined)}>Keep them</Button>
              <Button
                look="badfill"
                onClick={() => {
                  const person = removing;
                  setRemoving(undefined);
                  void change(
                    `${person.name} loses their account.`,
                    () => call('DELETE', `/v1/admin/people/${person.id}`),
                    `${person.name} was removed`,
                  );
                }}
              >
                Remove {removing.name.split(' ')[0]}
              </Button>
            </>
          }
        >
          <p className="soft">They are signed out everywhere at once. What they did stays in the logs.</p>
        </Dialog>
      )}
    </>
  );
}

function AddPerson({ owner, onClose }: { owner: boolean; onClose: () => void }) {
  const [form, setForm] = useState({ name: '', email: '', password: '', role: 'moderator' as Role });
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const errors = failure instanceof Problem ? failure : undefined;
  const submit = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await withPassword(`${form.name} gets an account.`, () =>
        post('/v1/admin/people', { ...form, email: form.email.trim(), name: form.name.trim() }),
      );
      await queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
      toast(`${form.name} can sign in now`);
      onClose();
    } catch (error) {
      if (!(error instanceof NotConfirmed)) setFailure(error);
      setBusy(false);
    }
  };
  const input = (name: 'name' | 'email' | 'password') => ({
    value: form[name],
    error: errors?.field(name),
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  return (
    <Dialog
      title="Add a person"
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            Add the person
          </Button>
        </>
      }
    >
      <div className="form">
        {failure !== undefined && !errors?.errors.length && <Failure error={failure} />}
        <TextField label="Name" autoFocus autoComplete="off" {...input('name')} />
        <TextField label="E-mail" type="email" autoComplete="off" {...input('email')} />
        <SelectField
          label="Role"
          value={form.role}
          onChange={(event) => setForm({ ...form, role: event.target.value as Role })}
        >
          {roles
            .filter((role) => role !== 'owner' || owner)
            .map((role) => (
              <option key={role} value={role}>
                {roleNames[role]}
              </option>
            ))}
        </SelectField>
        <TextField
          label="First password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_LEAST} characters. Tell them in person; they can change it by “Forgot it?”.`}
          {...input('password')}
        />
      </div>
    </Dialog>
  );
}
