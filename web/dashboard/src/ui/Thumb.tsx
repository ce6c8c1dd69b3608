import type { ImageRef } from '../api/types';
import { Icon, type IconName } from './Icon';

/** Which of the stored widths to fetch: the smallest that is sharp at this size on a 2× screen. */
function sourceFor(image: ImageRef, widthPx: number): string {
  const candidates = (image.srcset ?? '')
    .split(',')
    .map((part) => /^(\S+)\s+(\d+)w$/.exec(part.trim()))
    .filter((match) => match !== null)
    .map((match) => ({ src: match[1]!, width: Number(match[2]) }))
    .sort((a, b) => a.width - b.width);
  return candidates.find((candidate) => candidate.width >= widthPx * 2)?.src ?? candidates.at(-1)?.src ?? image.src;
}

/** A small square picture. What it shows is named in the text beside it. */
export function Thumb({
  image,
  size,
  icon = 'image',
}: {
  image?: ImageRef | undefined;
  size?: 's' | 'l';
  icon?: IconName;
}) {
  const name = `thumb${size ? ` thumb--${size}` : ''}`;
  if (!image) {
    return (
      <span className={`${name} tile`}>
        <Icon name={icon} />
      </span>
    );
  }
  return <img className={name} src={sourceFor(image, size === 'l' ? 64 : 40)} alt="" loading="lazy" decoding="async" />;
}

export function Cover({ image, className = 'cover' }: { image?: ImageRef | undefined; className?: string }) {
  if (!image) {
    return (
      <span className={`${className} tile`}>
        <Icon name="image" />
      </span>
    );
  }
  return (
    <img
      className={className}
      src={sourceFor(image, className === 'cover' ? 64 : 320)}
      alt={className === 'cover' ? '' : image.alt}
      decoding="async"
    />
  );
}

/** Initials on a colour made from the name. */
export function Avatar({ name, large }: { name: string; large?: boolean }) {
  const words = name.trim().split(/\s+/);
  const initials = (words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '');
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)!) % 360;
  return (
    <span
      className={`avatar${large ? ' avatar--l' : ''}`}
      style={{ '--h': hue } as React.CSSProperties}
      aria-hidden="true"
    >
      {initials.toUpperCase()}
    </span>
  );
}
