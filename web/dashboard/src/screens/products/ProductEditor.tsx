import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { call, Problem } from '../../api/http';
import { product as productQuery, queryClient } from '../../api/queries';
import type { ImageRef, Product } from '../../api/types';
import { useSession } from '../../lib/session';
import { useShortcuts } from '../../lib/shortcuts';
import { Page } from '../../shell/Page';
import { LoadFailure, LoadingRows } from '../../ui/Blank';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextArea, TextField } from '../../ui/Field';
import { ImageDrop } from '../../ui/ImageDrop';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Notice, Failure } from '../../ui/Notice';
import { TagsField } from '../../ui/TagsField';
import { toast, toastFailure } from '../../ui/toast';
import { NotFound } from '../NotFound';
import { emptyForm, fixWords, formOf, readForm, type FormErrors, type ProductForm } from './form';
import { StockPanel } from './StockPanel';
import { useLiveCues } from './Products';
import { VariantTable } from './VariantTable';

/** One product: what viewers read, what it costs, and where every piece of it is. */
export function ProductEditor({ productId }: { productId: string }) {
  const fresh = productId === 'new';
  const answer = useQuery({ ...productQuery(productId), enabled: !fresh, refetchInterval: 5_000 });
  const parent = { to: '/products', label: 'Products' };
  if (fresh) return <Editor />;
  if (answer.error instanceof Problem && answer.error.status === 404) return <NotFound />;
  if (!answer.data) {
    return (
      <Page title="Product" parent={parent}>
        {answer.error ? (
          <LoadFailure what="This product" error={answer.error} onRetry={() => void answer.refetch()} />
        ) : (
          <LoadingRows label="Loading the product" />
        )}
      </Page>
    );
  }
  return <Editor saved={answer.data.value} etag={answer.data.etag} />;
}

function Editor({ saved, etag }: { saved?: Product; etag?: string | undefined }) {
  const { shop } = useSession();
  const [, navigate] = useLocation();
  const [form, setForm] = useState<ProductForm>(saved ? formOf(saved) : emptyForm);
  const [images, setImages] = useState<ImageRef[]>(saved?.images ?? []);
  // Edits are based on the version that was read when this page opened, not on what polling brings meanwhile.
  const [base, setBase] = useState(etag);
  const [dirty, setDirty] = useState(false);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FormErrors>({});
  const [failure, setFailure] = useState<unknown>();
  const [dialog, setDialog] = useState<'delete' | 'conflict'>();
  const cue = useLiveCues().get(saved?.id ?? '');
  const onScreen = cue?.state === 'on_screen';

  const change = (next: Partial<ProductForm>): void => {
    setForm((now) => ({ ...now, ...next }));
    setDirty(true);
  };
  const reset = (product: Product | undefined, tag: string | undefined): void => {
    setForm(product ? formOf(product) : emptyForm());
    setImages(product?.images ?? []);
    setBase(tag);
    setDirty(false);
    setErrors({});
    setFailure(undefined);
  };
  const save = async (version = base): Promise<void> => {
    if (busy) return;
    const read = readForm(
      form,
      images.map(({ id }) => id),
      shop.currencies,
    );
    setErrors(read.errors);
    setFailure(undefined);
    if (!read.edit) return;
    setBusy(true);
    try {
      if (saved) {
        const answer = await call<Product>('PATCH', `/v1/admin/products/${saved.id}`, {
          body: read.edit,
          ifMatch: version,
        });
        queryClient.setQueryData(['product', saved.id], answer);
        reset(answer.value, answer.etag);
        toast(`Saved ${answer.value.title}`);
      } else {
        const answer = await call<Product>('POST', '/v1/admin/products', {
          body: read.edit,
          idempotencyKey: crypto.randomUUID(),
        });
        toast(`Made ${answer.value.title}. Now say how many there are.`);
        navigate(`/products/${answer.value.id}`, { replace: true });
      }
      void queryClient.invalidateQueries({ queryKey: ['products'] });
    } catch (error) {
      if (error instanceof Problem && error.status === 412) setDialog('conflict');
      else setFailure(error);
    }
    setBusy(false);
  };
  useShortcuts({ 'mod+s': () => void save() });
  const title = saved?.title ?? 'New product';
  const problem = failure instanceof Problem ? failure : undefined;

  return (
    <Page
      title={title}
      parent={{ to: '/products', label: 'Products' }}
      note={onScreen ? <span className="live live--soft">ON SCREEN</span> : undefined}
      actions={
        <>
          {saved && (
            <Menu
              label={`More for ${title}`}
              className="btn btn--icon"
              choices={[
                { id: 'delete', label: 'Delete…', icon: 'trash', bad: true, onChoose: () => setDialog('delete') },
              ]}
            />
          )}
          {dirty && <Button onClick={() => reset(saved, base)}>Discard</Button>}
          <Button
            look="solid"
            keyName="⌘S"
            busy={busy}
            disabled={!dirty && saved !== undefined}
            onClick={() => void save()}
          >
            Save
          </Button>
        </>
      }
    >
      {onScreen && (
        <Notice tone="info" className="edit__notice">
          This product is being sold live. A new shop price counts after the show;{' '}
          <b>the live price can't be raised while it is on screen</b>.
        </Notice>
      )}
      {Object.keys(errors).length > 0 && (
        <Notice tone="bad" alert className="edit__notice">
          <b>{fixWords(errors)}</b> before this product can be saved.
        </Notice>
      )}
      {failure !== undefined && (
        <div className="edit__notice">
          <Failure error={failure} title="Not saved." />
        </div>
      )}
      <div className="prod">
        <form
          className="prod__form"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <ul className="prod__pics" aria-label="Pictures">
            {images.map((image, index) => (
              <li key={image.id}>
                <img
                  src={image.src}
                  alt={image.alt || `Picture ${index + 1}`}
                  className={index === 0 ? 'is-cover' : undefined}
                />
                <span className="prod__tools">
                  {index > 0 && (
                    <button
                      type="button"
                      aria-label={`Make picture ${index + 1} the cover`}
                      onClick={() => {
                        setImages([image, ...images.filter(({ id }) => id !== image.id)]);
                        setDirty(true);
                      }}
                    >
                      <Icon name="left" size="s" />
                    </button>
                  )}
                  <button
                    type="button"
                    aria-label={`Remove picture ${index + 1}`}
                    onClick={() => {
                      setImages(images.filter(({ id }) => id !== image.id));
                      setDirty(true);
                    }}
                  >
                    <Icon name="x" size="s" />
                  </button>
                </span>
              </li>
            ))}
            <li>
              <ImageDrop
                small
                title="Add"
                onImage={(image) => {
                  setImages((now) => [...now.filter(({ id }) => id !== image.id), image]);
                  setDirty(true);
                }}
              />
            </li>
          </ul>
          <div className="edit__two">
            <TextField
              label="Name"
              maxLength={120}
              value={form.title}
              error={errors['title'] ?? problem?.field('title')}
              onChange={(event) => change({ title: event.target.value })}
            />
            <TagsField label="Tags" tags={form.tags} onChange={(tags) => change({ tags })} />
          </div>
          <TextArea
            label="Description"
            rows={3}
            value={form.description}
            error={problem?.field('description')}
            onChange={(event) => change({ description: event.target.value })}
          />
          <VariantTable form={form} saved={saved} currencies={shop.currencies} errors={errors} onChange={change} />
        </form>
        {saved && <StockPanel product={saved} />}
      </div>
      {dialog === 'delete' && saved && <DeleteProduct product={saved} onClose={() => setDialog(undefined)} />}
      {dialog === 'conflict' && saved && (
        <Dialog
          title="Someone else changed this a moment ago"
          onClose={() => setDialog(undefined)}
          footer={
            <>
              <Button
                onClick={() => {
                  void queryClient
                    .fetchQuery({ ...productQuery(saved.id), staleTime: 0 })
                    .then((answer) => reset(answer.value, answer.etag));
                  setDialog(undefined);
                }}
              >
                Take theirs
              </Button>
              <Button
                look="solid"
                onClick={() => {
                  setDialog(undefined);
                  void queryClient.fetchQuery({ ...productQuery(saved.id), staleTime: 0 }).then((answer) => {
                    setBase(answer.etag);
                    return save(answer.etag);
                  });
                }}
              >
                Save mine over it
              </Button>
            </>
          }
        >
          <p className="soft">
            Their version is saved. Look at it first, or save what you typed over it. Stock is not touched either way.
          </p>
        </Dialog>
      )}
    </Page>
  );
}

function DeleteProduct({ product, onClose }: { product: Product; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await call('DELETE', `/v1/admin/products/${product.id}`);
      void queryClient.invalidateQueries({ queryKey: ['products'] });
      toast(`Deleted ${product.title}`);
      navigate('/products', { replace: true });
    } catch (error) {
      toastFailure('Not deleted', error);
      onClose();
    }
  };
  return (
    <Dialog
      title={`Delete ${product.title}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="badfill" busy={busy} onClick={() => void remove()}>
            Delete the product
          </Button>
        </>
      }
    >
      <p className="soft">It leaves every show that hasn't begun. Orders keep what was bought. This can't be undone.</p>
    </Dialog>
  );
}
