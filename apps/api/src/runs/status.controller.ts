import { readFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { SCHEMA_VERSION } from '@powerfill/migrations';

class StatusDto {
  @ApiProperty({ example: 'powerfill' })
  module!: string;
  @ApiProperty({ example: '0.1.0' })
  version!: string;
  @ApiProperty({ example: 1, description: 'Version of the database schema this build works on' })
  schema_version!: number;
}

/** Processes run from the root of the checkout or the image. */
const packageVersion = (): string => (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;

@ApiTags('Service')
@Controller('api/powerfill/status')
export class StatusController {
  private readonly version = packageVersion();

  @Get()
  @ApiOperation({ summary: 'Names the build' })
  @ApiOkResponse({ type: StatusDto })
  status(): StatusDto {
    return { module: 'powerfill', version: this.version, schema_version: SCHEMA_VERSION };
  }
}
