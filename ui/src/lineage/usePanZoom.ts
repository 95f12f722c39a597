import { type RefObject, useCallback, useEffect, useRef } from 'react';

export interface View {
  x: number;
  y: number;
  scale: number;
}

const least = 0.02;
const greatest = 2;

/**
 * Moves a plane inside a frame by dragging, wheel and pinch. The plane is moved directly, without rendering, so that a
 * graph of thousands of nodes follows the hand.
 */
export function usePanZoom(frame: RefObject<HTMLElement | null>, plane: RefObject<HTMLElement | null>, onShow: (view: View) => void) {
  const view = useRef<View>({ x: 0, y: 0, scale: 1 });
  const told = useRef(onShow);
  useEffect(() => {
    told.current = onShow;
  });

  const show = useCallback((next: View) => {
    view.current = next;
    if (plane.current) plane.current.style.transform = `translate(${next.x}px, ${next.y}px) scale(${next.scale})`;
    told.current(next);
  }, [plane]);

  const zoomAt = useCallback((factor: number, x: number, y: number) => {
    const before = view.current;
    const scale = Math.min(greatest, Math.max(least, before.scale * factor));
    const by = scale / before.scale;
    show({ scale, x: x - (x - before.x) * by, y: y - (y - before.y) * by });
  }, [show]);

  const zoom = useCallback((factor: number) => {
    const box = frame.current?.getBoundingClientRect();
    if (box) zoomAt(factor, box.width / 2, box.height / 2);
  }, [frame, zoomAt]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const pointers = new Map<number, { x: number; y: number }>();
    let moved = false;

    const place = (event: PointerEvent | WheelEvent) => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, place(event));
      moved = false;
    };
    const onMove = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const after = place(event);
      if (!moved && Math.hypot(after.x - before.x, after.y - before.y) < 4) return;
      moved = true;
      element.setPointerCapture(event.pointerId);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const grew = Math.hypot(after.x - other.x, after.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
        zoomAt(grew, (after.x + other.x) / 2, (after.y + other.y) / 2);
      } else {
        const { x, y, scale } = view.current;
        show({ x: x + after.x - before.x, y: y + after.y - before.y, scale });
      }
      pointers.set(event.pointerId, after);
    };
    const onUp = (event: PointerEvent) => pointers.delete(event.pointerId);
    // A drag that ends on a node must not open it.
    const onClick = (event: MouseEvent) => {
      if (moved) {
        event.preventDefault();
        event.stopPropagation();
        moved = false;
      }
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { x, y } = place(event);
      zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), x, y);
    };
    const noDrag = (event: Event) => event.preventDefault();

    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('click', onClick, true);
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('dragstart', noDrag);
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('click', onClick, true);
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('dragstart', noDrag);
    };
  }, [frame, show, zoomAt]);

  return { view, show, zoom };
}
