import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ImportProfilesService, ImportService } from '@powerfill/core/imports';
import { ProblemFileService, ReportRunService } from '@powerfill/core/reports';
import { AcceptRunService } from '@powerfill/core/runs/accept-run.service';
import { sessionName } from '@powerfill/core/runs/connection-budget';
import { databaseBounds } from '@powerfill/core/runs/database-bounds';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { RunWatches } from '@powerfill/core/runs/run-watches';
import { RunsModule } from '@powerfill/core/runs/runs.module';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { type Environment, Metrics } from '@powerfill/platform';
import { QueueModule, RunNewsWire } from '@powerfill/queue';
import { TenancyModule, type TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { LoggerModule } from 'nestjs-pino';
import { requestLogging } from './bootstrap/request-logging';
import { CONFIGURATION_CONTROLLERS, ConfigurationModule } from './configuration/configuration.module';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { AnswerBoundModule } from './http/answer-bound';
import { requireMediaType } from './http/media-type';
import { ProblemFilter } from './http/problem.filter';
import { RequestWorkInterceptor } from './http/request-work';
import { SchemaMiddleware } from './http/schema.middleware';
import { TenantMiddleware } from './http/tenant.middleware';
import { ImportProfilesController } from './imports/import-profiles.controller';
import { ImportsController } from './imports/imports.controller';
import { PreflightController } from './preflight/preflight.controller';
import { PreflightModule } from './preflight/preflight.module';
import { BookReportsController } from './reports/book-reports.controller';
import { ComparisonController } from './reports/comparison.controller';
import { LoanReportsController } from './reports/loan-reports.controller';
import { ReportAnswers } from './reports/report-answers';
import { RunEventsController } from './runs/run-events.controller';
import { RunsController } from './runs/runs.controller';
import { StatusController } from './runs/status.controller';
import { SchedulesController } from './schedules/schedules.controller';
import { SubmitController } from './runs/submit.controller';

/** Controllers whose requests belong to a tenant. */
const TENANT_CONTROLLERS = [
  SubmitController,
  RunsController,
  RunEventsController,
  LoanReportsController,
  BookReportsController,
  ComparisonController,
  ImportsController,
];

/** A watched run's row is read so often; between the readings come the workers' news. */
const WATCH_POLL_MS = 1_000;

/** Controllers of the other modules, which take JSON. */
const JSON_CONTROLLERS = [
  ...CONFIGURATION_CONTROLLERS,
  PreflightController,
  ImportProfilesController,
  SchedulesController,
];

/** The API process: REST under /api/powerfill, health and metrics. */
@Module({})
export class ApiModule implements NestModule {
  static forEnvironment(environment: Environment, catalogue: TenantCatalogue): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        LoggerModule.forRoot(requestLogging(environment)),
        TenancyModule.forRoot({
          catalogue,
          schemaVersion: SCHEMA_VERSION,
          bounds: databaseBounds(environment),
          connections: environment.DATABASE_CONNECTIONS,
          applicationName: sessionName('powerfill-api', environment.DATABASE_CONNECTIONS),
        }),
        QueueModule.forEnvironment(environment),
        RunsModule.forEnvironment(environment),
        AnswerBoundModule.forMs(environment.DATABASE_ANSWER_MS),
        ConfigurationModule,
        PreflightModule,
      ],
      controllers: [
        ...TENANT_CONTROLLERS,
        ImportProfilesController,
        SchedulesController,
        StatusController,
        HealthController,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: RequestWorkInterceptor },
        {
          provide: RunWatches,
          inject: [TenantScope, RunHistoryService, RunNewsWire, Metrics],
          useFactory: (scope: TenantScope, history: RunHistoryService, news: RunNewsWire, metrics: Metrics) =>
            new RunWatches(scope, history, news, metrics, {
              watchers: environment.EVENT_STREAMS,
              pollMs: WATCH_POLL_MS,
            }),
        },
        { provide: Readiness, useFactory: () => new Readiness() },
        { provide: ImportService, useFactory: () => new ImportService() },
        { provide: ImportProfilesService, useFactory: () => new ImportProfilesService() },
        {
          provide: ReportRunService,
          inject: [RunHistoryService],
          useFactory: (history: RunHistoryService) => new ReportRunService(history),
        },
        {
          provide: AcceptRunService,
          inject: [RunHistoryService],
          useFactory: (history: RunHistoryService) => new AcceptRunService(history),
        },
        {
          provide: ReportAnswers,
          inject: [ReportRunService],
          useFactory: (runs: ReportRunService) => new ReportAnswers(runs, environment.DATABASE_ANSWER_MS),
        },
        {
          provide: ProblemFileService,
          inject: [RunHistoryService],
          useFactory: (history: RunHistoryService) => new ProblemFileService(history),
        },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(requireMediaType('application/json')).forRoutes(SubmitController, ...JSON_CONTROLLERS);
    consumer.apply(TenantMiddleware, SchemaMiddleware).forRoutes(...TENANT_CONTROLLERS, ...JSON_CONTROLLERS);
  }
}
