import { useState } from 'react';
import { Icon } from '../design/Icon';
import { Popover } from '../design/Popover';
import { SearchBox } from '../design/SearchBox';
import { kit } from '../design/kit';
import type { Keys } from './columns';
import { identifier } from './filter';
import style from './runs.module.css';

/** The filter in MLflow's grammar; Enter applies it, and it is applied when the box is left or emptied. */
export function FilterBox({ value, keys, onApply }: { value: string; keys: Keys; onApply: (filter: string) => void }) {
  const [typed, setTyped] = useState(value);
  const dirty = typed.trim() !== value;
  const edit = (text: string) => {
    setTyped(text);
    if (text === '' && value !== '') onApply('');
  };
  return (
    <form
      className={style.filter}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(typed.trim());
      }}
    >
      <SearchBox
        mono value={typed} onChange={edit} placeholder="Name, or a filter: metrics.rmse < 3 and params.depth = '4'" label="Filter runs"
        onKeyDown={(event) => {
          if (event.key === 'Escape') setTyped(value);
        }}
      />
      {dirty && <button type="submit" className={kit.button} title="Apply the filter (Enter)">Apply ⏎</button>}
      <Popover bare label="How to write a filter" button={<Icon name="info" />}>{() => <FilterHelp keys={keys} />}</Popover>
    </form>
  );
}

function FilterHelp({ keys }: { keys: Keys }) {
  const plain = (all: readonly string[], otherwise: string) => all.find((key) => /^[\w.]+$/.test(key)) ?? otherwise;
  const metric = plain(keys.metrics, 'rmse');
  const param = plain(keys.params, 'depth');
  const examples = [
    ['random forest', 'the name contains these words'],
    [`${identifier('metrics', metric)} > 0.5`, 'newest value of a metric'],
    [`${identifier('params', param)} = '4'`, 'a parameter, as text; without quotes, as a number'],
    ["params.model LIKE 'vit%'", 'a pattern; ILIKE ignores case'],
    ["status = 'FAILED' or job_type = 'train'", 'the status, the job type; “or”, “not” and parentheses'],
    ["tags.team = 'weather' and metrics.loss < 1", 'several, joined by “and”'],
  ] as const;
  return (
    <div className={style.help}>
      <h3>Filter</h3>
      <p>Words alone search the name. Comparisons follow MLflow's search grammar and more; keys with spaces stand in backticks.</p>
      <dl>
        {examples.map(([example, meaning]) => (
          <div key={example}>
            <dt><code>{example}</code></dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
