import { useId, useLayoutEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './Button';

export interface DialogProps {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end; the last one does what the title says. */
  footer?: ReactNode;
  /** Makes the dialog a form: its submit button, or Enter, calls this. */
  onSubmit?: () => void;
  wide?: boolean;
  /** Rises from the lower edge instead, on phones. */
  sheet?: boolean;
  closeButton?: boolean;
}

/**
 * A native modal dialog: focus stays inside, Esc leaves, focus returns to where it was. It hangs at the end of the
 * page, because the form it was opened from must not hold its form.
 */
export function Dialog({ title, onClose, children, footer, onSubmit, wide, sheet, closeButton }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  const content = (
    <>
      <div className="dialog__head">
        <h2 id={id}>{title}</h2>
        {closeButton && <Button look="quiet" icon="x" className="push" aria-label="Close" onClick={onClose} />}
      </div>
      <div className="dialog__body">{children}</div>
      {footer && <div className="dialog__foot">{footer}</div>}
    </>
  );
  return createPortal(
    <dialog
      ref={ref}
      className={`dialog${wide ? ' dialog--wide' : ''}${sheet ? ' dialog--sheet' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (sheet && event.target === ref.current) onClose();
      }}
    >
      {onSubmit ? (
        <form
          noValidate
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            event.stopPropagation();
            onSubmit();
          }}
        >
          {content}
        </form>
      ) : (
        content
      )}
    </dialog>,
    document.body,
  );
}
