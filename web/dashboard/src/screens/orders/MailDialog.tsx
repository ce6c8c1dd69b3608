import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/http';
import type { Mail } from '../../api/types';
import { fullDate } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { LoadFailure, LoadingRows } from '../../ui/Blank';

/** A mail as it was sent, as plain text: its HTML never becomes part of this page. */
export function MailDialog({ mailId, onClose }: { mailId: string; onClose: () => void }) {
  const mail = useQuery({
    queryKey: ['mail', mailId],
    queryFn: ({ signal }) => get<Mail>(`/v1/admin/mails/${mailId}`, signal),
    staleTime: Infinity,
  });
  return (
    <Dialog
      title={mail.data?.subject ?? 'Mail'}
      wide
      onClose={onClose}
      closeButton
      footer={
        <Button look="solid" onClick={onClose}>
          Close
        </Button>
      }
    >
      {mail.data ? (
        <>
          <p className="mute dialog__lead">
            To {mail.data.to}, {fullDate(mail.data.at)}
          </p>
          <pre className="code mail" tabIndex={0}>
            {mail.data.text}
          </pre>
        </>
      ) : mail.error ? (
        <LoadFailure what="This mail" error={mail.error} onRetry={() => void mail.refetch()} />
      ) : (
        <LoadingRows label="Loading the mail" rows={2} />
      )}
    </Dialog>
  );
}
