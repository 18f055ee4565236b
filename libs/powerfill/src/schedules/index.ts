export * from './occurrences';
export * from './schedule-runner.service';
export * from './schedules.service';
