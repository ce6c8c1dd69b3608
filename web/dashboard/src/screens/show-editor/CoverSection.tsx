import { useState } from 'react';
import { call } from '../../api/http';
import type { ImageRef, Show } from '../../api/types';
import { TextField } from '../../ui/Field';
import { ImageDrop } from '../../ui/ImageDrop';
import { toastFailure } from '../../ui/toast';

/** One picture, shown wide and tall; what it shows is said for those who can't see it. */
export function CoverSection({ show, onCover }: { show: Show; onCover: (cover: ImageRef) => void }) {
  const { cover } = show;
  const [alt, setAlt] = useState(cover?.alt ?? '');
  const saveAlt = async (): Promise<void> => {
    if (!cover || alt === cover.alt) return;
    try {
      onCover(
        (await call<ImageRef>('PATCH', `/v1/admin/images/${cover.id}`, { body: { alt } })).value ?? { ...cover, alt },
      );
    } catch (error) {
      toastFailure('Not saved', error);
    }
  };
  return (
    <section id="cover">
      <h2>Cover</h2>
      <div className="edit__cover">
        {cover && (
          <>
            <figure>
              <img src={cover.src} alt={cover.alt || 'The cover, wide'} className="edit__wide" />
              <figcaption>Wide, 16:9</figcaption>
            </figure>
            <figure>
              <img src={cover.src} alt="" className="edit__tall" />
              <figcaption>Tall, 9:16</figcaption>
            </figure>
          </>
        )}
        <ImageDrop
          title={cover ? 'Drop another picture' : 'Drop a picture'}
          onImage={(image) => {
            setAlt(image.alt);
            onCover(image);
          }}
        />
      </div>
      {cover && (
        <TextField
          label="What the picture shows"
          value={alt}
          hint="Read out to people who can't see it."
          onChange={(event) => setAlt(event.target.value)}
          onBlur={() => void saveAlt()}
        />
      )}
    </section>
  );
}
