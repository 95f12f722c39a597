import { useEffect } from 'react';

/** Names the browser tab. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter((part) => part), 'Cairn'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
