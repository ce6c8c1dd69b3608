import { useEffect, useState } from 'react';

/** The time, again every `everyMs`. Only what it is used in renders again. */
export function useNow(everyMs = 1000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** True once `on` has lasted `afterMs`: a loading shape that never flashes. */
export function useLasting(on: boolean, afterMs = 200): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (!on) return;
    const timer = setTimeout(() => setLasting(true), afterMs);
    return () => clearTimeout(timer);
  }, [on, afterMs]);
  return on && lasting;
}
