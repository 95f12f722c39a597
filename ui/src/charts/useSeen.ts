import { type RefCallback, useCallback, useRef, useState } from 'react';

const margin = 300;

/** True from the moment the element first comes near the window; a long page then only works for what is looked at. */
export function useSeen<T extends Element>(): [boolean, RefCallback<T>] {
  const [seen, setSeen] = useState(false);
  const observer = useRef<IntersectionObserver | null>(null);
  const place = useCallback((element: T | null) => {
    observer.current?.disconnect();
    if (!element) return;
    // What is in the window from the start need not wait for the observer's next frame.
    const { top, bottom } = element.getBoundingClientRect();
    if (top < innerHeight + margin && bottom > -margin) {
      setSeen(true);
      return;
    }
    observer.current = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setSeen(true);
        observer.current?.disconnect();
      },
      { rootMargin: `${margin}px` },
    );
    observer.current.observe(element);
  }, []);
  return [seen, place];
}
