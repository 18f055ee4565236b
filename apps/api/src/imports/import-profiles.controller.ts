import { Body, Controller, Delete, Get, HttpCode, Param, Put, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { IMPORTABLE_TABLES, ImportProfilesService, type StoredProfile } from '@powerfill/core/imports';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { NamePipe } from '../http/name.pipe';
import { Subject } from '../http/request-headers';
import { ImportProfileDto, ProfileListDto, StoredProfileDto } from './import.dto';

const ApiTable = () => ApiParam({ name: 'table', enum: IMPORTABLE_TABLES.map(({ name }) => name), example: 'loan' });
const Name = () => Param('profile_name', new NamePipe('profile_name', 60));

/** Saved column mappings: a desk's tape has its own headers and words. */
@ApiTags('Imports')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/import-profiles')
export class ImportProfilesController {
  constructor(private readonly profiles: ImportProfilesService) {}

  @Get()
  @ApiOperation({ summary: 'The saved profiles' })
  @ApiOkResponse({ type: ProfileListDto })
  async list(): Promise<{ items: StoredProfile[] }> {
    return { items: await this.profiles.list() };
  }

  @Put(':table/:profile_name')
  @ApiOperation({ summary: 'Saves a profile' })
  @ApiTable()
  @ApiBody({ type: ImportProfileDto })
  @ApiOkResponse({ type: StoredProfileDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'table_unknown', 'unsupported_media_type')
  put(
    @Param('table') table: string,
    @Name() name: string,
    @Body() body: unknown,
    @Subject() by: string,
  ): Promise<StoredProfile> {
    return this.profiles.put(table, name, body, by);
  }

  @Delete(':table/:profile_name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a profile' })
  @ApiTable()
  @ApiNoContentResponse()
  @ApiProblems('invalid_request', 'table_unknown', 'object_not_found')
  remove(@Param('table') table: string, @Name() name: string, @Subject() by: string): Promise<void> {
    return this.profiles.remove(table, name, by);
  }
}
