export * from './bullmq-run-queue';
export * from './cancel-flags';
export * from './connections';
export * from './queue.module';
export * from './run-job';
export * from './run-news';
export * from './run-queue';
export * from './sweep-turns';
