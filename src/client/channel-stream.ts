import type { ApiRequest } from '../model/api-message.ts';

/** What arrives on an open ChannelStream. Frames that arrived before the close are told before it. */
export interface ChannelHandlers {
  /** A piece of what a channel carries; may be empty. */
  onFrame(channel: number, data: Buffer): void;
  /** Nothing more comes. The error says why the connection broke; absent when the server closed it. */
  onClosed(error?: Error): void;
}

/**
 * One WebSocket whose frames belong to numbered channels, as Kubernetes streams to and from containers
 * (apimachinery's util/remotecommand and kubelet's portforward).
 */
export interface ChannelStream {
  /** Resolves when the frame is handed to the system; rejects when the connection is gone. */
  send(channel: number, data: Uint8Array): Promise<void>;
  /** Tells the server that no more comes on a channel, where the negotiated protocol (v5) has a word for it. */
  end(channel: number): Promise<void>;
  close(): void;
}

/** Where a stream is opened. */
export type ChannelRequest = Pick<ApiRequest, 'path' | 'query' | 'signal'>;

/**
 * Opens a stream. Rejects with StatusError when the server answers with a failure instead, with ConnectionError when it
 * does not answer, and with the signal's reason.
 */
export type Connect = (request: ChannelRequest, handlers: ChannelHandlers) => Promise<ChannelStream>;
