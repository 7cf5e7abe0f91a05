/**
 * Comparison: the chat of the usual tutorial. Nest as it comes (on Express), TypeORM `save()`, then
 * `server.to(room).emit()`. No login, no permission, no log to resume from.
 */
import 'reflect-metadata';
import { Body, Controller, Injectable, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, type Repository } from 'typeorm';

@Entity()
class Message {
  @PrimaryGeneratedColumn()
  id: number;

  @Index()
  @Column('text')
  room: string;

  @Column('text')
  text: string;

  @CreateDateColumn()
  createdAt: Date;
}

@WebSocketGateway()
class ChatGateway {
  @WebSocketServer()
  server: Server;

  @SubscribeMessage('join')
  async join(@ConnectedSocket() socket: Socket, @MessageBody() room: string) {
    await socket.join(room);
    return { event: 'joined', data: room };
  }
}

@Injectable()
class MessagesService {
  constructor(
    @InjectRepository(Message) private readonly messages: Repository<Message>,
    private readonly gateway: ChatGateway,
  ) {}

  async create(room: string, text: string): Promise<Message> {
    const message = await this.messages.save(this.messages.create({ room, text }));
    this.gateway.server.to(room).emit('message', message);
    return message;
  }
}

@Controller('rooms/:room/messages')
class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  create(@Param('room') room: string, @Body() body: { text: string }): Promise<Message> {
    return this.messages.create(room, body.text);
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env.DATABASE_URL,
      entities: [Message],
      synchronize: true,
    }),
    TypeOrmModule.forFeature([Message]),
  ],
  controllers: [MessagesController],
  providers: [MessagesService, ChatGateway],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.useWebSocketAdapter(new IoAdapter(app));
await app.listen(0, '127.0.0.1');
process.stdout.write(`listening on ${await app.getUrl()}\n`);
process.on('SIGTERM', () => process.exit(0));
