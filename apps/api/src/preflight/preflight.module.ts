import { Module } from '@nestjs/common';
import { CandidatePreviewService } from '@powerfill/core/candidates/candidate-preview.service';
import { PreflightService, PreprocessService } from '@powerfill/core/preflight';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { RunInputReader } from '@powerfill/core/runs/run-input-reader';
import { PreflightController } from './preflight.controller';

/** Looks before a run: preflight, preprocess, preview of candidates. */
@Module({
  controllers: [PreflightController],
  providers: [
    { provide: RunInputReader, useFactory: () => new RunInputReader() },
    {
      provide: PreflightService,
      inject: [RunHistoryService, RunInputReader],
      useFactory: (history: RunHistoryService, reader: RunInputReader) => new PreflightService(history, reader),
    },
    {
      provide: PreprocessService,
      inject: [RunInputReader],
      useFactory: (reader: RunInputReader) => new PreprocessService(reader),
    },
    {
      provide: CandidatePreviewService,
      inject: [RunInputReader],
      useFactory: (reader: RunInputReader) => new CandidatePreviewService(reader),
    },
  ],
})
export class PreflightModule {}
