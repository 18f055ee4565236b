export * from './deadline';
export * from './environment';
export * from './log-context';
export * from './logging';
export * from './metrics';
export * from './stall-monitor';
