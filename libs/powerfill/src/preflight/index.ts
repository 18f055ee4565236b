export { FINDING_CODES, type Finding } from './finding';
export * from './preflight.service';
export * from './preprocess.service';
