import type { KeyboardEventHandler } from 'react';
import { Icon } from './Icon';
import { kit } from './kit';

/** The search box of a page: `/` puts the cursor there (see shell/keys). */
export function SearchBox({ value, onChange, placeholder, label, onKeyDown, mono = false, primary = true }: {
  value: string; onChange: (value: string) => void; placeholder: string; label: string;
  onKeyDown?: KeyboardEventHandler<HTMLInputElement>; mono?: boolean; primary?: boolean;
}) {
  return (
    <div className={kit.search}>
      <Icon name="search" size={14} />
      <input
        type="search" value={value} placeholder={placeholder} aria-label={label} title={label} spellCheck={false} autoComplete="off"
        onChange={(event) => onChange(event.target.value)} onKeyDown={onKeyDown}
        style={mono ? { fontFamily: 'var(--mono)', fontSize: 12.5 } : undefined}
        {...(primary ? { 'data-search': '' } : {})}
      />
      {primary && <kbd aria-hidden="true">/</kbd>}
      {value !== '' && (
        <button type="button" className={`${kit.bare} ${kit.clear}`} onClick={() => onChange('')} title="Clear">
          <Icon name="cross" size={12} label="Clear" />
        </button>
      )}
    </div>
  );
}
