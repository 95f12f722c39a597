import { type KeyboardEvent, useId, useState } from 'react';
import { Icon } from './Icon';
import { kit } from './kit';

/** Several names in one field: Enter or a comma ends one, Backspace in the empty field takes the last back. */
export function TokenField({ id, values, onChange, known = [], placeholder, invalid, describedBy }: {
  id: string; values: readonly string[]; onChange: (values: readonly string[]) => void; known?: readonly string[]; placeholder?: string;
  invalid?: boolean | undefined; describedBy?: string | undefined;
}) {
  const [typed, setTyped] = useState('');
  const list = useId();
  const add = (text: string) => {
    const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
    setTyped('');
    if (names.length > 0) onChange([...new Set([...values, ...names])]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && typed.trim() !== '') {
      event.preventDefault();
      add(typed);
    } else if (event.key === 'Backspace' && typed === '' && values.length > 0) onChange(values.slice(0, -1));
  };
  return (
    <span className={kit.tokens} data-invalid={invalid || undefined}>
      {values.map((name) => (
        <span key={name} className={kit.token}>
          <span title={name}>{name}</span>
          <button type="button" onClick={() => onChange(values.filter((one) => one !== name))}><Icon name="cross" size={10} label={`Remove ${name}`} /></button>
        </span>
      ))}
      <input
        id={id} value={typed} list={list} spellCheck={false} autoComplete="off" placeholder={values.length === 0 ? placeholder : undefined} aria-invalid={invalid || undefined} aria-describedby={describedBy}
        onKeyDown={onKeyDown} onBlur={() => add(typed)}
        onChange={(event) => {
          const text = event.target.value;
          // A name picked from the list is whole.
          if (text.includes(',') || (known.includes(text) && !(event.nativeEvent instanceof InputEvent && event.nativeEvent.inputType === 'insertText'))) add(text);
          else setTyped(text);
        }}
      />
      <datalist id={list}>{known.filter((name) => !values.includes(name)).map((name) => <option key={name} value={name} />)}</datalist>
    </span>
  );
}
