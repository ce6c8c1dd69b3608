import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { post, Problem } from '../../api/http';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/Button';
import { SelectField, TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { DoorFrame } from './Frame';

export const PASSWORD_LEAST = 12;

const countries = [
  'AT',
  'BE',
  'CH',
  'CZ',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GB',
  'IE',
  'IT',
  'LU',
  'NL',
  'NO',
  'PL',
  'PT',
  'SE',
  'US',
];
const currencyOf: Record<string, string> = {
  CH: 'CHF',
  CZ: 'CZK',
  DK: 'DKK',
  GB: 'GBP',
  NO: 'NOK',
  PL: 'PLN',
  SE: 'SEK',
  US: 'USD',
};
const regionName = new Intl.DisplayNames('en', { type: 'region' });

/** Where the browser thinks it is; a country that isn't offered falls back to the first of the list. */
function likelyCountry(): string {
  const region = new Intl.Locale(navigator.language).region ?? '';
  return countries.includes(region) ? region : 'DE';
}

const fields = { code: '', shop_name: '', name: '', email: '', password: '' };

/** The first owner, with the code that the server printed when it started. */
export function Setup() {
  const [, navigate] = useLocation();
  const [form, setForm] = useState(fields);
  const [country, setCountry] = useState(likelyCountry);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const errors = failure instanceof Problem ? failure : undefined;
  const input = (name: keyof typeof fields) => ({
    value: form[name],
    error: errors?.field(name),
    large: true,
    required: true,
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  const submit = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await post('/v1/setup', {
        ...form,
        code: form.code.trim(),
        email: form.email.trim(),
        country,
        currency: currencyOf[country] ?? 'EUR',
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        locale: 'en',
      });
      const session = await post('/v1/auth/sign-in', { email: form.email.trim(), password: form.password });
      queryClient.clear();
      queryClient.setQueryData(['me'], session);
      navigate('/shows', { replace: true });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <DoorFrame
      title="Set up your shop"
      foot={
        <>
          Somebody did this already? <Link to="/sign-in">Sign in</Link>
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
        <h1>Set up your shop</h1>
        {failure !== undefined && <Failure error={failure} />}
        <TextField
          label="Setup code"
          autoComplete="one-time-code"
          autoFocus
          hint="It is in the terminal that started the server."
          {...input('code')}
        />
        <TextField label="Name of the shop" autoComplete="organization" {...input('shop_name')} />
        <SelectField
          label="Country"
          value={country}
          error={errors?.field('country')}
          hint={`Prices are in ${currencyOf[country] ?? 'EUR'}; other currencies can be added later.`}
          onChange={(event) => setCountry(event.target.value)}
        >
          {countries.map((code) => (
            <option key={code} value={code}>
              {regionName.of(code)}
            </option>
          ))}
        </SelectField>
        <TextField label="Your name" autoComplete="name" {...input('name')} />
        <TextField label="E-mail" type="email" autoComplete="username" {...input('email')} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_LEAST} characters; a few words are fine.`}
          {...input('password')}
        />
        <Button type="submit" look="solid" size="l" wide busy={busy}>
          Make the shop
        </Button>
      </form>
    </DoorFrame>
  );
}
