// Icons of 16 by 16, drawn with one stroke. They only accompany words: whoever uses one alone gives it a label.
const paths = {
  flask: 'M6.5 1.8h3M7 2v4.2L2.9 12.6a1 1 0 0 0 .9 1.6h8.4a1 1 0 0 0 .9-1.6L9 6.2V2M4.8 10.2h6.4',
  run: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.7 5.6v4.8L10.6 8z',
  box: 'M8 1.6 2.2 4.7v6.6L8 14.4l5.8-3.1V4.7zM2.4 4.8 8 7.9l5.6-3.1M8 7.9v6.3',
  dataset: 'M8 2c3 0 5.3.9 5.3 2S11 6 8 6 2.7 5.1 2.7 4 5 2 8 2M2.7 4v8c0 1.1 2.3 2 5.3 2s5.3-.9 5.3-2V4M2.7 8c0 1.1 2.3 2 5.3 2s5.3-.9 5.3-2',
  model: 'M4 2.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M4 10.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M12 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M5.6 4.9l4.8 2.3M5.6 11.1l4.8-2.3',
  file: 'M4 1.8h5l3.4 3.4v9H4zM9 1.8v3.4h3.4',
  folder: 'M1.8 3.6h4.4l1.4 1.6h6.6v7.6H1.8z',
  image: 'M2 3h12v10H2zM2.2 11.4l3.4-3.6 2.8 2.8 2-1.8 3.4 3M10.9 5.6h.1',
  search: 'M7 2.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6M10.6 10.6l3.2 3.2',
  columns: 'M2 2.8h12v10.4H2zM6 2.8v10.4M10 2.8v10.4',
  tree: 'M3.2 2v9.6h3.6M3.2 5.4h3.6M6.8 3.8H13v3.2H6.8zM6.8 10H13v3.2H6.8z',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1',
  moon: 'M13.4 9.6A5.9 5.9 0 0 1 6.4 2.6a5.9 5.9 0 1 0 7 7z',
  contrast: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 2v12M8 4.6h4.6M8 8h5.8M8 11.4h4.6',
  right: 'M6 3.4 10.6 8 6 12.6',
  down: 'M3.4 6 8 10.6 12.6 6',
  up: 'M3.4 10 8 5.4l4.6 4.6',
  arrow: 'M2.4 8h11M9.4 4l4 4-4 4',
  copy: 'M5.6 5.6h8v8h-8zM10.4 5.4V2.4h-8v8h3',
  check: 'M2.8 8.6l3.4 3.4 7-8',
  cross: 'M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8',
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.6V8l2.4 1.8',
  stop: 'M3.6 3.6h8.8v8.8H3.6z',
  bolt: 'M9 1.6 3.6 9h4l-.8 5.4L12.4 7h-4z',
  download: 'M8 2v8.4M4.4 7.2 8 10.8l3.6-3.6M2.6 13.6h10.8',
  user: 'M8 2.2a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M2.6 13.8c.5-2.8 2.7-4.2 5.4-4.2s4.9 1.4 5.4 4.2',
  tag: 'M2.2 2.2h5.4l6.2 6.2-5.4 5.4-6.2-6.2zM5 5h.1',
  git: 'M4.4 2v12M4.4 10.4c0-2.4 7.2-1.2 7.2-4.6M11.6 2.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6',
  terminal: 'M2 2.8h12v10.4H2zM4.6 6l2 2-2 2M8.4 10.2h3',
  lineage: 'M1.8 6.2h3.6v3.6H1.8zM10.6 2h3.6v3.6h-3.6zM10.6 10.4h3.6V14h-3.6zM5.4 8h2.4M10.6 3.8H7.8v8.4h2.8',
  history: 'M2.6 8a5.6 5.6 0 1 1 1.7 4M2.4 12.6V9.8h2.8M8 5v3.2l2.2 1.4',
  chart: 'M2.2 2v11.8H14M4.8 10.4l2.8-3.6 2.4 2 3.4-4.6',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 7.2v4M8 4.8v.1',
  warning: 'M8 2 14.4 13.6H1.6zM8 6.4v3.4M8 11.6v.1',
  reset: 'M3 3v3.4h3.4M3.4 6.2A5.4 5.4 0 1 1 2.6 9',
  keyboard: 'M1.6 4h12.8v8.4H1.6zM4 6.6h.1M6.6 6.6h.1M9.2 6.6h.1M11.9 6.6h.1M4.6 9.8h6.8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.4 5.8V2.4h3.4M10.2 2.4h3.4v3.4M13.6 10.2v3.4h-3.4M5.8 13.6H2.4v-3.4',
  star: 'M8 1.9l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.7l-3.8 2 .7-4.3-3.1-3 4.3-.6z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16, label }: { name: IconName; size?: number; label?: string }) {
  return (
    <svg
      width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4"
      strokeLinecap="round" strokeLinejoin="round" focusable="false"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <path d={paths[name]} />
    </svg>
  );
}
