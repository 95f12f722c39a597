/** A cairn: four stones, one on another. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="var(--accent)" aria-hidden="true">
      <ellipse cx="16" cy="26" rx="13" ry="4.4" />
      <ellipse cx="15" cy="18.4" rx="9.4" ry="3.9" opacity=".86" />
      <ellipse cx="17" cy="11.6" rx="6.4" ry="3.2" opacity=".72" />
      <ellipse cx="16" cy="6" rx="3.6" ry="2.4" opacity=".6" />
    </svg>
  );
}
