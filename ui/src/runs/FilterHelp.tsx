import type { Keys } from './columns';
import { identifier } from './filter';
import style from './filter.module.css';

export function FilterHelp({ keys }: { keys: Keys }) {
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
