import { useRef, useState, type DragEvent } from 'react';
import { call, sentenceOf } from '../api/http';
import type { ImageRef } from '../api/types';
import { Button } from './Button';
import { Icon } from './Icon';

export const IMAGE_SIZE_MOST_BYTES = 10 * 1024 * 1024;
const kinds = ['image/jpeg', 'image/png', 'image/webp'];

/** Why a file can't be a picture here, or nothing. */
export function refuseFile(file: { type: string; size: number }): string | undefined {
  if (!kinds.includes(file.type)) return 'That is not a JPG, PNG or WebP picture. Save it as one of them.';
  if (file.size > IMAGE_SIZE_MOST_BYTES)
    return `That picture has ${Math.ceil(file.size / 1024 / 1024)} MB. Make it smaller than 10 MB.`;
  return undefined;
}

/** Uploads one picture, dropped or chosen. `small` is a square beside other pictures. */
export function ImageDrop({
  title,
  onImage,
  small,
}: {
  title: string;
  onImage: (image: ImageRef) => void;
  small?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const upload = async (file: File | undefined): Promise<void> => {
    if (!file || busy) return;
    const refusal = refuseFile(file);
    setProblem(refusal);
    if (refusal) return;
    setBusy(true);
    try {
      onImage((await call<ImageRef>('POST', '/v1/admin/images', { raw: file })).value);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    setBusy(false);
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      void upload(event.dataTransfer.files[0]);
    },
  };
  const chooser = (
    <input
      ref={input}
      className="vh"
      type="file"
      accept={kinds.join(',')}
      tabIndex={-1}
      aria-label={title}
      onChange={(event) => {
        void upload(event.target.files?.[0]);
        event.target.value = '';
      }}
    />
  );
  if (small) {
    return (
      <div className="prod__add">
        <button
          type="button"
          className={`drop${over ? ' is-over' : ''}`}
          aria-busy={busy}
          onClick={() => input.current?.click()}
          {...drop}
        >
          <Icon name="plus" size="l" />
          <span>{busy ? 'Uploading' : title}</span>
        </button>
        {chooser}
        {problem && (
          <p className="err" role="alert">
            {problem}
          </p>
        )}
      </div>
    );
  }
  return (
    <div className={`drop${over ? ' is-over' : ''}`} {...drop}>
      <span>
        <Icon name="upload" size="l" />
      </span>
      <b>{busy ? 'Uploading…' : title}</b>
      {problem ? (
        <p className="err" role="alert">
          {problem}
        </p>
      ) : (
        <small className="mute">JPG, PNG or WebP, up to 10 MB</small>
      )}
      <Button size="s" busy={busy} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      {chooser}
    </div>
  );
}
