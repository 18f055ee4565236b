import { Param, Query } from '@nestjs/common';
import { ReportIdPipe } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';

/** The run a report is asked of: an id, or `latest`. */
export const RunOfReport = (): ParameterDecorator => Param('run_id', ReportIdPipe);

/** The query of a report; the parameter's class says what it may hold. */
export const ReportQueryOf = (): ParameterDecorator => Query(queryPipe());
