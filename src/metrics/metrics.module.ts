import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

/** Shows what the layers below have counted. */
@Module({ controllers: [MetricsController], providers: [Metrics] })
export class MetricsModule {}
