import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import filter from '../runs/filter.module.css';
import { conditionOffers, type Offer, type Offers, takeOffer } from './conditionOffers';

/** The condition of a gate. While typing it offers metrics, comparisons and what joins them. */
export function ConditionBox({ id, value, metrics, alias, onChange, invalid, describedBy }: {
  id: string; value: string; metrics: readonly string[]; alias: string; onChange: (value: string) => void; invalid: boolean; describedBy: string | undefined;
}) {
  const [offered, setOffered] = useState<Offers | null>(null);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const offers = offered?.offers ?? [];
  const look = (text: string) => {
    setChosen(-1);
    setOffered(conditionOffers(text, input.current?.selectionStart ?? text.length, metrics, alias));
  };
  const take = (offer: Offer) => {
    const done = takeOffer(value, offered!, offer.insert);
    // At once: what is typed next belongs behind it.
    flushSync(() => {
      onChange(done.text);
      setChosen(-1);
    });
    input.current?.focus();
    input.current?.setSelectionRange(done.caret, done.caret);
    setOffered(conditionOffers(done.text, done.caret, metrics, alias));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && offers.length > 0) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen(chosen < 0 && step < 0 ? offers.length - 1 : (chosen + step + offers.length) % offers.length);
    } else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && chosen >= 0) {
      event.preventDefault();
      take(offers[chosen]!);
    } else if (event.key === 'Escape' && offers.length > 0) {
      event.stopPropagation();
      setOffered(null);
    }
  };
  const open = offers.length > 0;
  return (
    <span className={`${filter.box} ${filter.anchored}`}>
      <input
        ref={input} id={id} type="text" role="combobox" value={value} spellCheck={false} autoComplete="off" maxLength={2000} placeholder={`metrics.mae < ${alias || 'prod'}.metrics.mae`}
        aria-expanded={open} aria-controls={list} aria-autocomplete="list" aria-activedescendant={open && chosen >= 0 ? `${list}-${chosen}` : undefined}
        aria-invalid={invalid || undefined} aria-describedby={describedBy}
        onChange={(event) => { onChange(event.target.value); look(event.target.value); }} onFocus={() => look(value)} onClick={() => look(value)} onBlur={() => setOffered(null)} onKeyDown={onKeyDown}
        onKeyUp={(event) => {
          if (event.key === 'ArrowLeft' || event.key === 'ArrowRight' || event.key === 'Home' || event.key === 'End') look(value);
        }}
      />
      <ul id={list} role="listbox" aria-label="What could come next" className={filter.offers} hidden={!open} onMouseDown={(event) => event.preventDefault()}>
        {offers.map((offer, i) => (
          <li
            key={offer.label} id={`${list}-${i}`} role="option" aria-selected={i === chosen} title={offer.label}
            ref={i === chosen ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined} onClick={() => take(offer)}
          >
            <span>{offer.label}</span>
            <small>{offer.detail}</small>
          </li>
        ))}
      </ul>
    </span>
  );
}
