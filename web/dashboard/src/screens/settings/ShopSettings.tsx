import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, Problem } from '../../api/http';
import { me, queryClient, shop as shopQuery } from '../../api/queries';
import type { ShopSettings as Settings } from '../../api/types';
import { zoneLabel } from '../../lib/time';
import { useMay } from '../../lib/session';
import { PageHead } from '../../shell/Page';
import { OwnerOnly } from './OwnerOnly';
import { LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { SelectField, TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { toast } from '../../ui/toast';

const zones: string[] = Intl.supportedValuesOf('timeZone');
const regionName = new Intl.DisplayNames('en', { type: 'region' });
const currencyName = new Intl.DisplayNames('en', { type: 'currency' });

/** The shop's name and clock. Its country and currencies stay as they were set up: orders and tax hang on them. */
export function ShopSettings() {
  const answer = useQuery(shopQuery);
  if (!answer.data)
    return answer.error ? (
      <LoadFailure what="The shop" error={answer.error} onRetry={() => void answer.refetch()} />
    ) : (
      <LoadingRows label="Loading the shop" rows={3} />
    );
  return <Form key={answer.data.value.id} saved={answer.data.value} etag={answer.data.etag} />;
}

function Form({ saved, etag }: { saved: Settings; etag: string | undefined }) {
  const mayEdit = useMay()('edit the shop');
  const [name, setName] = useState(saved.name);
  const [timezone, setTimezone] = useState(saved.timezone);
  const [version, setVersion] = useState(etag);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const errors = failure instanceof Problem ? failure : undefined;
  const dirty = name.trim() !== saved.name || timezone !== saved.timezone;
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await call<Settings>('PATCH', '/v1/admin/shop', {
        body: {
          ...(name.trim() === saved.name ? {} : { name: name.trim() }),
          ...(timezone === saved.timezone ? {} : { timezone }),
        },
        ifMatch: version,
      });
      setVersion(answer.etag);
      queryClient.setQueryData(shopQuery.queryKey, answer);
      void queryClient.invalidateQueries({ queryKey: me.queryKey });
      toast('Saved');
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  return (
    <>
      <PageHead
        title="Shop"
        actions={
          mayEdit ? (
            <Button look="solid" busy={busy} disabled={!dirty || !name.trim()} onClick={() => void save()}>
              Save
            </Button>
          ) : (
            <OwnerOnly />
          )
        }
      />
      <form
        className="form set__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (dirty && name.trim()) void save();
        }}
      >
        {failure !== undefined && <Failure error={failure} title="Not saved." />}
        <TextField
          label="Name"
          maxLength={80}
          value={name}
          readOnly={!mayEdit}
          error={name.trim() ? errors?.field('name') : 'The shop needs a name.'}
          hint="Viewers see it in the player and on receipts."
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Time zone"
          icon="globe"
          value={timezone}
          disabled={!mayEdit}
          error={errors?.field('timezone')}
          hint="Every time in this dashboard is in it."
          onChange={(event) => setTimezone(event.target.value)}
        >
          {(zones.includes(timezone) ? zones : [timezone, ...zones]).map((zone) => (
            <option key={zone} value={zone}>
              {zone === timezone ? zoneLabel(zone, new Date()) : zone.replaceAll('_', ' ')}
            </option>
          ))}
        </SelectField>
        <dl className="kv set__facts">
          <div>
            <dt>Country</dt>
            <dd>{regionName.of(saved.country) ?? saved.country}</dd>
          </div>
          <div>
            <dt>Currencies</dt>
            <dd>
              {saved.currencies.map((currency) => `${currencyName.of(currency) ?? currency} (${currency})`).join(', ')}
            </dd>
          </div>
          <div>
            <dt>Payments</dt>
            <dd>{saved.mode === 'test' ? 'Test: sandbox cards only, nobody is charged' : 'Live: cards are charged'}</dd>
          </div>
        </dl>
      </form>
    </>
  );
}
