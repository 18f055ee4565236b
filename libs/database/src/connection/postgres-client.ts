import { Client, type ClientConfig } from 'pg';

/**
 * A client whose loss can never end the process. While it is handed from the pool to its user nobody listens to its
 * errors for a moment; a server that ends the session in the very packet that announces it (`pg_terminate_backend`, a
 * restart) hits that moment, and Node ends a process for an error event that nobody hears. Whoever uses the client
 * learns of the loss from its next query.
 */
export class ListeningClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
