/**
 * Options by trade, in their order.
 *
 * @param trade of each option
 * @param options which; -1 is left out
 */
export function optionsOfTrades(
  trade: Int32Array,
  tradeCount: number,
  options: Int32Array = Int32Array.from(trade.keys()),
): Int32Array[] {
  const start = new Int32Array(tradeCount + 1);
  for (const o of options) if (o >= 0) start[trade[o]! + 1]!++;
  for (let j = 0; j < tradeCount; j++) start[j + 1]! += start[j]!;
  const next = start.slice();
  const grouped = new Int32Array(start[tradeCount]!);
  for (const o of options) if (o >= 0) grouped[next[trade[o]!]!++] = o;
  return Array.from({ length: tradeCount }, (_, j) => grouped.subarray(start[j], start[j + 1]));
}
