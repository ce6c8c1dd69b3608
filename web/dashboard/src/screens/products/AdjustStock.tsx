import { useRef, useState } from 'react';
import { post, Problem } from '../../api/http';
import { queryClient } from '../../api/queries';
import type { Product, Variant } from '../../api/types';
import { count, plural } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { TextField } from '../../ui/Field';
import { Failure } from '../../ui/Notice';
import { StockBar } from '../../ui/StockBar';
import { toast } from '../../ui/toast';
import { variantTitle } from './Products';

/** Puts pieces on the shelf or takes them off; what is reserved or sold can't be taken. */
export function AdjustStock({
  product,
  variant,
  onClose,
}: {
  product: Product;
  variant: Variant;
  onClose: () => void;
}) {
  const [direction, setDirection] = useState<1 | -1>(1);
  const [pieces, setPieces] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  // One intention, one key: pressing again after a lost answer adjusts nothing twice.
  const key = useRef(crypto.randomUUID());
  const number = /^\d{1,6}$/.test(pieces.trim()) ? Number(pieces) : 0;
  const delta = direction * number;
  const error =
    number < 1
      ? 'How many? Whole pieces only.'
      : delta < 0 && number > variant.stock.available
        ? `Only ${plural(variant.stock.available, 'piece')} can be taken: the rest is sold, reserved or leased.`
        : undefined;
  const problem = failure instanceof Problem ? failure : undefined;

  const submit = async (): Promise<void> => {
    setTried(true);
    if (error || busy) return;
    setBusy(true);
    try {
      await post(
        `/v1/admin/products/${product.id}/variants/${variant.id}/stock-adjustments`,
        { delta, reason: reason.trim() || (delta > 0 ? 'Stocked' : 'Corrected') },
        key.current,
      );
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['product', product.id] }),
        queryClient.invalidateQueries({ queryKey: ['ledger', product.id] }),
        queryClient.invalidateQueries({ queryKey: ['products'] }),
      ]);
      toast(
        `${delta > 0 ? 'Added' : 'Took'} ${plural(number, 'piece')} ${delta > 0 ? 'to' : 'from'} ${product.title}, ${variantTitle(variant)}`,
      );
      onClose();
    } catch (caught) {
      setFailure(caught);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={`Stock of ${product.title}${product.variants.length > 1 ? `, ${variantTitle(variant)}` : ''}`}
      onClose={onClose}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="solid" type="submit" busy={busy}>
            {delta < 0 ? 'Take' : 'Add'} {number ? plural(number, 'piece') : ''}
          </Button>
        </>
      }
    >
      <div className="form">
        <StockBar stock={variant.stock} height={10} />
        <p className="soft">
          {count(variant.stock.available)} available of {count(variant.stock.stocked)} stocked
          {number > 0 && !error ? `; ${count(variant.stock.available + delta)} after this` : ''}.
        </p>
        {failure !== undefined && <Failure error={failure} />}
        <div className="seg seg--fill" role="group" aria-label="What to do">
          <button type="button" aria-pressed={direction === 1} onClick={() => setDirection(1)}>
            Put on the shelf
          </button>
          <button type="button" aria-pressed={direction === -1} onClick={() => setDirection(-1)}>
            Take off
          </button>
        </div>
        <div className="edit__two">
          <TextField
            label="Pieces"
            inputMode="numeric"
            autoFocus
            value={pieces}
            error={tried ? (error ?? problem?.field('delta')) : undefined}
            onChange={(event) => setPieces(event.target.value)}
          />
          <TextField
            label="Why"
            placeholder={direction > 0 ? 'kiln 42' : 'broken in the kiln'}
            maxLength={200}
            value={reason}
            error={problem?.field('reason')}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      </div>
    </Dialog>
  );
}
