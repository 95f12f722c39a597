import { type RefCallback, useCallback, useRef, useState } from 'react';

/** True from the moment the element first comes near the window; a long page then only works for what is looked at. */
export function useSeen<T extends Element>(): [boolean, RefCallback<T>] {
  const [seen, setSeen] = useState(false);
  const observer = useRef<IntersectionObserver | null>(null);
  const place = useCallback((element: T | null) => {
    observer.current?.disconnect();
    if (!element) return;
    observer.current = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setSeen(true);
        observer.current?.disconnect();
      },
      { rootMargin: '300px' },
    );
    observer.current.observe(element);
  }, []);
  return [seen, place];
}
