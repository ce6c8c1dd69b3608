import type { ChatMessage } from '@showfloor/api-client';

export interface Line {
  /** Stable while the line is shown; the message's id once the room has given one. */
  key: string;
  kind: 'said' | 'sold' | 'removed' | 'gap';
  name: string;
  role: ChatMessage['from']['role'];
  text: string;
  mine: boolean;
  /** What the viewer wrote is `waiting` until the room has it; `refused` says why it has not. */
  state: 'there' | 'waiting' | 'refused';
  why?: string;
  /** Their text comes back if the moderator restores the message. */
  replyTo?: { name: string; text: string; mine: boolean };
  title?: string;
}

/** Lines kept; older ones leave from the top. */
export const LINES_MAX = 150;

/** What was said, in the order of the room, with the viewer's own unsent words at the end. */
export class Talk {
  lines: readonly Line[] = [];
  #me = '';
  #count = 0;

  /** The viewer's id, so that their own words are known as theirs. */
  set me(viewerId: string) {
    this.#me = viewerId;
  }

  #line(message: ChatMessage): Line {
    const { from, reply_to: reply } = message;
    const mine = from.id === this.#me && from.id !== '';
    const replied = reply && this.lines.find((line) => line.key === reply.id);
    return {
      key: message.id,
      kind: 'said',
      name: from.name,
      role: from.role,
      text: message.text,
      mine,
      state: 'there',
      ...(reply ? { replyTo: { name: reply.name, text: reply.text, mine: replied?.mine ?? false } } : {}),
    };
  }

  #put(line: Line): void {
    const waiting = this.lines.filter((l) => l.state !== 'there');
    const there = this.lines.filter((l) => l.state === 'there');
    this.lines = [...there, line, ...waiting].slice(-LINES_MAX);
  }

  /** Starts over from a snapshot; what the viewer wrote and the room lacks stays. */
  reset(messages: readonly ChatMessage[]): void {
    const waiting = this.lines.filter((line) => line.state !== 'there');
    this.lines = [];
    messages.forEach((message) => this.said(message));
    this.lines = [...this.lines, ...waiting].slice(-LINES_MAX);
  }

  said(message: ChatMessage): Line | null {
    if (this.lines.some((line) => line.key === message.id)) return null;
    const line = this.#line(message);
    // Sent before a break, confirmed by its own echo after it.
    const echoed = line.mine && this.lines.find((l) => l.state === 'waiting' && l.text === line.text);
    if (echoed) this.lines = this.lines.filter((l) => l !== echoed);
    this.#put(line);
    return line;
  }

  sold(offset: number, name: string | null, title: string): Line {
    const line: Line = {
      key: `sold-${offset}`,
      kind: 'sold',
      name: name ?? '',
      role: 'viewer',
      text: '',
      mine: false,
      state: 'there',
      title,
    };
    this.#put(line);
    return line;
  }

  /** The room could not keep up with this viewer's connection and says so. */
  gap(): void {
    if (this.lines.at(-1)?.kind === 'gap') return;
    this.#put({
      key: `gap-${++this.#count}`,
      kind: 'gap',
      name: '',
      role: 'viewer',
      text: '',
      mine: false,
      state: 'there',
    });
  }

  removed(id: string): void {
    this.lines = this.lines.map((line) => (line.key === id ? { ...line, kind: 'removed', text: '', name: '' } : line));
  }

  restored(message: ChatMessage): void {
    const line = this.#line(message);
    if (!this.lines.some((l) => l.key === message.id)) this.#put(line);
    else this.lines = this.lines.map((l) => (l.key === message.id ? line : l));
  }

  wrote(ref: string, text: string, name: string): void {
    this.lines = [
      ...this.lines,
      { key: ref, kind: 'said' as const, name, role: 'viewer' as const, text, mine: true, state: 'waiting' as const },
    ].slice(-LINES_MAX);
  }

  /** The room has it: the line takes its place as a message. The echo, whichever comes first, is not shown twice. */
  sent(ref: string, messageId: string): void {
    const line = this.lines.find((l) => l.key === ref);
    if (!line) return;
    this.lines = this.lines.filter((l) => l !== line);
    if (!this.lines.some((l) => l.key === messageId)) this.#put({ ...line, key: messageId, state: 'there' });
  }

  refused(ref: string, why: string): Line | null {
    const line = this.lines.find((l) => l.key === ref);
    this.lines = this.lines.map((l) => (l.key === ref ? { ...l, state: 'refused' as const, why } : l));
    return line ?? null;
  }
}
