import { areaPath, linePath, sparkPoints, thin } from './shapes';

/** The course of one figure; its value stands beside it as text. */
export function Sparkline({
  values,
  bare,
  width = 100,
  height = 26,
}: {
  values: number[];
  bare?: boolean;
  width?: number;
  height?: number;
}) {
  const points = sparkPoints(thin(values, 24), width, height);
  return (
    <svg
      className={bare ? 'spark spark--bare' : 'spark'}
      viewBox={`0 0 ${width} ${height}`}
      {...(bare ? { width, height } : {})}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {points.length > 1 && (
        <>
          {!bare && <path d={areaPath(points, height)} fill="var(--chart-area)" />}
          <path className="ln" d={linePath(points)} />
        </>
      )}
    </svg>
  );
}
