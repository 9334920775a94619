export declare function etcd3Codecs(): string;
