import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ALL_TABLES } from '@powerfill/core/entities';
import { ImportService } from '@powerfill/core/imports';
import { ProblemFileService, ReportRunService } from '@powerfill/core/reports';
import { databaseBounds } from '@powerfill/core/runs/database-bounds';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { RunsModule } from '@powerfill/core/runs/runs.module';
import type { Environment } from '@powerfill/platform';
import { QueueModule } from '@powerfill/queue';
import { TenancyModule, type TenantCatalogue } from '@powerfill/tenancy';
import { LoggerModule } from 'nestjs-pino';
import { requestLogging } from './bootstrap/request-logging';
import { CONFIGURATION_CONTROLLERS, ConfigurationModule } from './configuration/configuration.module';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { requireMediaType } from './http/media-type';
import { ProblemFilter } from './http/problem.filter';
import { RequestWorkInterceptor } from './http/request-work';
import { SchemaMiddleware } from './http/schema.middleware';
import { TenantMiddleware } from './http/tenant.middleware';
import { ImportsController } from './imports/imports.controller';
import { BookReportsController } from './reports/book-reports.controller';
import { LoanReportsController } from './reports/loan-reports.controller';
import { ReportAnswers } from './reports/report-answers';
import { RunsController } from './runs/runs.controller';
import { StatusController } from './runs/status.controller';
import { SubmitController } from './runs/submit.controller';

/** Controllers whose requests belong to a tenant. */
const TENANT_CONTROLLERS = [
  SubmitController,
  RunsController,
  LoanReportsController,
  BookReportsController,
  ImportsController,
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
          tables: ALL_TABLES,
          bounds: databaseBounds(environment),
          applicationName: 'powerfill-api',
        }),
        QueueModule.forEnvironment(environment),
        RunsModule.forEnvironment(environment),
        ConfigurationModule,
      ],
      controllers: [...TENANT_CONTROLLERS, StatusController, HealthController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: RequestWorkInterceptor },
        { provide: Readiness, useFactory: () => new Readiness() },
        { provide: ImportService, useFactory: () => new ImportService() },
        {
          provide: ReportRunService,
          inject: [RunHistoryService],
          useFactory: (history: RunHistoryService) => new ReportRunService(history),
        },
        {
          provide: ReportAnswers,
          inject: [ReportRunService],
          useFactory: (runs: ReportRunService) => new ReportAnswers(runs),
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
    consumer.apply(requireMediaType('application/json')).forRoutes(SubmitController, ...CONFIGURATION_CONTROLLERS);
    consumer.apply(TenantMiddleware, SchemaMiddleware).forRoutes(...TENANT_CONTROLLERS, ...CONFIGURATION_CONTROLLERS);
  }
}
