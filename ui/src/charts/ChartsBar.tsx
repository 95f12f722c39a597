// The controls that all charts of a page share.
import { Icon } from '../design/Icon';
import { kit, Segments } from '../design/kit';
import { Menu } from '../design/Menu';
import { SearchBox } from '../design/SearchBox';
import { xLabel } from './axes';
import style from './charts.module.css';
import { isMetricAxis } from './lines';
import { type ChartsSearch, toLook, writeAxis } from './look';

export function ChartsBar({ search, metrics, onChange, isFirst = true, children }: {
  search: ChartsSearch; metrics: readonly string[]; onChange: (part: ChartsSearch) => void; children?: React.ReactNode;
  /** Whether `/` leads to its search. */
  isFirst?: boolean;
}) {
  const look = toLook(search);
  const { x, from, to, low, high } = look;
  const zoomOut = { from: undefined, to: undefined };
  return (
    <div className={style.toolbar}>
      <SearchBox value={search.q ?? ''} onChange={(text) => onChange({ q: text || undefined })} placeholder="Search metrics" label="Search metrics" primary={isFirst} />
      <Segments
        label="Horizontal axis" value={isMetricAxis(x) ? 'metric' : x} options={[['step', 'Step'], ['relative', 'Elapsed'], ['time', 'Time']]}
        onChange={(value) => onChange({ x: writeAxis(value), ...zoomOut })}
      />
      <label className={style.weight} title="Exponential moving average over the drawn points; the points themselves stay behind it">
        <span>Smoothing</span>
        <input
          type="range" min={0} max={0.99} step={0.01} value={look.smooth} aria-valuetext={look.smooth.toFixed(2)}
          onChange={(event) => onChange({ smooth: Number(event.target.value) || undefined })}
        />
        <output>{look.smooth.toFixed(2)}</output>
      </label>
      <Menu button={<><Icon name="columns" size={14} /> Axes</>} label="Axes and scales">
        {() => (
          <div className={style.axes}>
            <label>
              <span>Horizontal axis</span>
              <select value={writeAxis(x) ?? ''} onChange={(event) => onChange({ x: event.target.value || undefined, ...zoomOut })}>
                <option value="">Step</option>
                <option value="relative">Elapsed time</option>
                <option value="time">Time of day</option>
                <optgroup label="A metric">
                  {metrics.map((key) => <option key={key} value={writeAxis(key)}>{key}</option>)}
                </optgroup>
              </select>
            </label>
            <label><input type="checkbox" checked={look.logY} onChange={(event) => onChange({ scale: event.target.checked ? 'log' : undefined })} /> Logarithmic vertical scale</label>
            <label><input type="checkbox" checked={look.logX} disabled={x === 'time'} onChange={(event) => onChange({ xscale: event.target.checked ? 'log' : undefined })} /> Logarithmic horizontal scale</label>
            <label title="The vertical scale spans the middle 98 % of the drawn values; what lies beyond is cut off">
              <input type="checkbox" checked={look.robust} onChange={(event) => onChange({ outliers: event.target.checked ? 'hide' : undefined })} /> Ignore outliers in the vertical scale
            </label>
            <Ends name="Horizontal" low={from} high={to} onChange={(low, high) => onChange({ from: low, to: high })} />
            <Ends name="Vertical" low={low} high={high} onChange={(next, nextHigh) => onChange({ low: next, high: nextHigh })} />
          </div>
        )}
      </Menu>
      {children}
      {(from !== undefined || to !== undefined) && (
        <button type="button" className={kit.button} onClick={() => onChange(zoomOut)}>
          <Icon name="reset" size={14} /> {spanWords(from, to, (at) => xLabel(at, x))}: reset
        </button>
      )}
      {(low !== undefined || high !== undefined) && (
        <button type="button" className={kit.button} title="Let every chart span its own values again" onClick={() => onChange({ low: undefined, high: undefined })}>
          <Icon name="reset" size={14} /> vertical {spanWords(low, high, String)}: reset
        </button>
      )}
      {!children && <span className={style.hint}>Drag to zoom, double click to reset</span>}
    </div>
  );
}

function spanWords(low: number | undefined, high: number | undefined, say: (value: number) => string): string {
  return low === undefined ? `to ${say(high!)}` : high === undefined ? `from ${say(low)}` : `${say(low)}–${say(high)}`;
}

/** Both ends of an axis; an empty field lets the data decide. */
function Ends({ name, low, high, onChange }: { name: string; low: number | undefined; high: number | undefined; onChange: (low: number | undefined, high: number | undefined) => void }) {
  const read = (text: string) => (text === '' ? undefined : Number(text));
  return (
    <fieldset className={style.span}>
      <legend>{name} from, to</legend>
      <input type="number" step="any" value={low ?? ''} placeholder="least" aria-label={`${name} axis from`} onChange={(event) => onChange(read(event.target.value), high)} />
      <input type="number" step="any" value={high ?? ''} placeholder="greatest" aria-label={`${name} axis to`} onChange={(event) => onChange(low, read(event.target.value))} />
    </fieldset>
  );
}
