import { compose, products, reviews } from '../test/shop.ts';
import { startPeer } from '../test/subgraph-peer.ts';

const [first, second] = [await startPeer(products), await startPeer(reviews)];
const supergraphSdl = compose([products, reviews], { products: first.url, reviews: second.url });
process.send?.({ url: JSON.stringify({ supergraphSdl }) });
