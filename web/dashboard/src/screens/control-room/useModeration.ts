import type { ChatMessage } from '@showfloor/api-client';
import { useCallback, useMemo, useState } from 'react';
import type { Order } from '../../room/client';
import type { Room } from '../../room/useRoom';
import { toast, toastFailure } from '../../ui/toast';
import { RoomRefusal } from '../../room/client';
import { Problem } from '../../api/http';

export const MUTE_S = 600;

export interface Moderation {
  remove: (message: ChatMessage) => void;
  restore: (message: ChatMessage) => void;
  mute: (message: ChatMessage) => void;
  /** Shuts a person out of the show, and takes their messages with them if asked. */
  ban: (viewer: { id: string; name: string }, reason: string, messages: ChatMessage[]) => void;
  unban: (viewer: { id: string; name: string }) => void;
  unmute: (viewer: { id: string; name: string }) => void;
  pinMessage: (message: ChatMessage | null) => void;
  slow: (seconds: number) => void;
  say: (text: string, replyTo: ChatMessage | undefined, pin: boolean) => Promise<boolean>;
  /** Messages that were removed from this screen a moment ago: the way back is beside them. */
  removedHere: ReadonlySet<string>;
}

/** What a refusal of the room says, as the answer of the API would. */
export const asProblem = (error: unknown): unknown =>
  error instanceof RoomRefusal
    ? new Problem(0, { type: error.reason, detail: error.next || 'The room said no.' })
    : error;

/** Hands on the chat. Removing is immediate and can be taken back; muting and banning say so in a toast. */
export function useModeration(room: Room): Moderation {
  const [removedHere, setRemovedHere] = useState<ReadonlySet<string>>(new Set());
  const { command } = room;

  const act = useCallback(
    async (what: string, order: Order): Promise<boolean> => {
      try {
        await command(order);
        return true;
      } catch (error) {
        toastFailure(what, asProblem(error));
        return false;
      }
    },
    [command],
  );

  return useMemo(() => {
    const restore = (message: ChatMessage): void => void act('Not put back', { t: 'restore', message_id: message.id });
    const unmute = (viewer: { id: string; name: string }): void =>
      void act('Still muted', { t: 'unmute', viewer_id: viewer.id }).then(
        (done) => done && toast(`${viewer.name} can write again`),
      );
    const unban = (viewer: { id: string; name: string }): void =>
      void act('Still banned', { t: 'unban', viewer_id: viewer.id }).then(
        (done) => done && toast(`${viewer.name} may come back`),
      );

    return {
      removedHere,
      restore,
      unmute,
      unban,
      remove: (message) =>
        void act('Not removed', { t: 'remove', message_id: message.id }).then((done) => {
          if (!done) return;
          setRemovedHere((now) => new Set(now).add(message.id));
          toast(`Removed a message from ${message.from.name}`, { undo: () => restore(message) });
        }),
      mute: (message) =>
        void act('Not muted', { t: 'mute', viewer_id: message.from.id, seconds: MUTE_S }).then((done) => {
          if (done)
            toast(`Muted ${message.from.name} for ${MUTE_S / 60} minutes`, { undo: () => unmute(message.from) });
        }),
      ban: (viewer, reason, messages) =>
        void act('Not banned', { t: 'ban', viewer_id: viewer.id, reason }).then(async (done) => {
          if (!done) return;
          for (const message of messages) await act('Not removed', { t: 'remove', message_id: message.id, reason });
          toast(`Banned ${viewer.name} from this show`, { undo: () => unban(viewer) });
        }),
      pinMessage: (message) =>
        void act(message ? 'Not pinned' : 'Not unpinned', { t: 'pin_message', message_id: message?.id ?? null }).then(
          (done) => {
            if (done && message)
              toast(`Pinned a message from ${message.from.name}`, {
                undo: () => void act('Not unpinned', { t: 'pin_message', message_id: null }),
              });
          },
        ),
      slow: (seconds) => void act('Slow mode was not changed', { t: 'slow', seconds }),
      say: async (text, replyTo, pin) => {
        try {
          const id = await command({ t: 'say', text, ...(replyTo ? { reply_to: replyTo.id } : {}) });
          if (pin && id) await command({ t: 'pin_message', message_id: id });
          return true;
        } catch (error) {
          toastFailure('Not sent', asProblem(error));
          return false;
        }
      },
    };
  }, [act, command, removedHere]);
}
