import { decimalText, moneyText } from '../domain/money';
import { type runLogTable } from '../entities';
import { type OutputRow } from '../steps/run-step';
import { type SuggestedTrade } from './suggested-trades';

/** Events of step 6 for `pfill_powerfill_log`, numbered from 1 in the order they are added. */
export class UeLog {
  readonly rows: OutputRow<typeof runLogTable>[] = [];

  info(code: string, message: string): void {
    this.add('info', code, message);
  }

  warning(code: string, message: string): void {
    this.add('warning', code, message);
  }

  suggested({ instrumentName, coupon, settlementMonth, ...trade }: SuggestedTrade): void {
    this.info(
      'suggested_trade',
      `${instrumentName} ${decimalText(coupon, 6)} ${settlementMonth}: sell $${moneyText(trade.amount)}, ` +
        `gains $${moneyText(trade.gain)} on ${trade.loanCount} loans ` +
        `(kickouts $${moneyText(trade.kickoutAmount)}, give-ups $${moneyText(trade.giveUpAmount)})`,
    );
  }

  private add(level: 'info' | 'warning', code: string, message: string): void {
    this.rows.push({ seq: this.rows.length + 1, step: 'ue', level, code, message });
  }
}
