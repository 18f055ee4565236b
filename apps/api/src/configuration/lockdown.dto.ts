import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { POOL_LOCKS, type PoolLockChoice } from '@powerfill/core/configuration';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { IsItems, IsKey, IsOneOf } from '../http/validators';

/** What the desk says of a pool. */
export class LockdownDto {
  @IsOptional()
  @IsKey()
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Trade the pool is designated to' })
  trade_id?: string | null;

  @IsOneOf(POOL_LOCKS)
  @ApiProperty({ enum: POOL_LOCKS, description: 'N free, Y closed both ways, O members stay and it may grow' })
  lock_pool!: PoolLockChoice;
}

/** A pool of a bulk change. */
export class LockdownItemDto extends LockdownDto {
  @IsKey()
  @ApiProperty({ example: 'PL26-006' })
  pool_name!: string;
}

/** Several pools, all of them or none. */
export class LockdownBulkDto {
  @IsItems(1, 1_000)
  @ValidateNested({ each: true })
  @Type(() => LockdownItemDto)
  @ApiProperty({ type: [LockdownItemDto] })
  items!: LockdownItemDto[];
}

/** A line of the guide. */
export class LockdownRowDto extends LockdownItemDto {
  @ApiProperty({ enum: ['user', 'upstream'] })
  source!: string;
}

/** Lines of the guide. */
export class LockdownListDto {
  @ApiProperty({ type: [LockdownRowDto] })
  items!: LockdownRowDto[];
}
