/** One category: what stands on it, in which range of prices (minor units) and weights (grams). */
export interface Shelf {
  readonly slug: string;
  readonly name: string;
  /** How often a product belongs here, against the others. */
  readonly weight: number;
  readonly priceMinor: readonly [low: number, high: number];
  readonly grams: readonly [low: number, high: number];
  readonly nouns: readonly string[];
  readonly hazardous?: true;
}

function shelf(
  slug: string,
  name: string,
  weight: number,
  priceMinor: readonly [number, number],
  grams: readonly [number, number],
  nouns: string,
): Shelf {
  return { slug, name, weight, priceMinor, grams, nouns: nouns.split(', ') };
}

/** The shelves of the shop. `garden-tools` is the one the sample operations look at, so it is by far the fullest. */
export const SHELVES: readonly Shelf[] = [
  shelf(
    'garden-tools',
    'Garden Tools',
    30,
    [690, 18_900],
    [180, 6_500],
    'Spade, Hand Trowel, Hedge Shears, Pruning Saw, Garden Hoe, Leaf Rake, Digging Fork, Bulb Planter, Watering Can, Wheelbarrow, Lopper, Weeder, Lawn Edger, Hose Reel',
  ),
  shelf(
    'seeds-and-bulbs',
    'Seeds & Bulbs',
    5,
    [190, 1_490],
    [10, 400],
    'Tulip Bulbs, Tomato Seeds, Wildflower Mix, Basil Seeds, Lavender Seeds, Lawn Seed',
  ),
  shelf(
    'kitchenware',
    'Kitchenware',
    7,
    [490, 14_900],
    [90, 4_200],
    'Skillet, Chef Knife, Mixing Bowl, Casserole, Whisk, Cutting Board, Tea Kettle, Colander',
  ),
  shelf(
    'coffee-and-tea',
    'Coffee & Tea',
    4,
    [390, 8_900],
    [100, 2_000],
    'Hand Grinder, Pour-over Dripper, French Press, Tea Caddy, Espresso Cups, Milk Jug',
  ),
  shelf(
    'bakeware',
    'Bakeware',
    3,
    [490, 5_900],
    [120, 2_400],
    'Loaf Tin, Springform Pan, Rolling Pin, Proofing Basket, Muffin Tray, Pastry Brush',
  ),
  shelf(
    'bedding',
    'Bedding',
    4,
    [1_490, 24_900],
    [400, 4_000],
    'Duvet Cover, Wool Blanket, Pillow, Fitted Sheet, Quilt, Mattress Topper',
  ),
  shelf(
    'lighting',
    'Lighting',
    4,
    [990, 29_900],
    [200, 5_000],
    'Desk Lamp, Pendant Light, Floor Lamp, Night Light, Lantern, Wall Sconce',
  ),
  shelf(
    'furniture',
    'Furniture',
    5,
    [3_900, 149_900],
    [3_000, 48_000],
    'Bookcase, Side Table, Dining Chair, Bench, Wardrobe, Desk, Stool, Sideboard',
  ),
  shelf(
    'storage',
    'Storage',
    4,
    [590, 9_900],
    [200, 6_000],
    'Storage Box, Basket, Coat Rack, Shoe Cabinet, Drawer Divider, Crate',
  ),
  shelf(
    'hand-tools',
    'Hand Tools',
    6,
    [490, 12_900],
    [80, 3_800],
    'Claw Hammer, Screwdriver Set, Block Plane, Chisel, Adjustable Wrench, Spirit Level, Handsaw',
  ),
  shelf(
    'power-tools',
    'Power Tools',
    4,
    [3_900, 44_900],
    [900, 9_000],
    'Cordless Drill, Jigsaw, Orbital Sander, Impact Driver, Circular Saw, Router',
  ),
  {
    ...shelf(
      'paint',
      'Paint & Varnish',
      3,
      [690, 8_900],
      [500, 12_000],
      'Wall Paint, Wood Varnish, Primer, Linseed Oil, Metal Lacquer, Wax Polish',
    ),
    hazardous: true,
  },
  shelf(
    'cycling',
    'Cycling',
    4,
    [590, 39_900],
    [60, 9_000],
    'Bicycle Bell, Pannier, Saddle, Floor Pump, Helmet, Chain Lock, Front Light',
  ),
  shelf(
    'camping',
    'Camping',
    4,
    [690, 49_900],
    [120, 8_000],
    'Tent, Sleeping Bag, Camp Stove, Headlamp, Hammock, Water Bottle, Folding Chair',
  ),
  shelf(
    'running',
    'Running',
    3,
    [790, 17_900],
    [50, 900],
    'Running Belt, Trail Shoes, Wind Jacket, Running Vest, Cap, Compression Socks',
  ),
  shelf(
    'swimming',
    'Swimming',
    2,
    [590, 6_900],
    [40, 700],
    'Swim Goggles, Swim Cap, Kickboard, Pull Buoy, Beach Towel',
  ),
  shelf(
    'board-games',
    'Board Games',
    3,
    [990, 8_900],
    [300, 3_200],
    'Chess Set, Strategy Game, Card Game, Puzzle, Dice Tower, Draughts Board',
  ),
  shelf(
    'toys',
    'Toys',
    4,
    [490, 9_900],
    [80, 3_000],
    'Building Blocks, Wooden Train, Kite, Marble Run, Doll House, Spinning Top',
  ),
  shelf(
    'stationery',
    'Stationery',
    4,
    [190, 5_900],
    [10, 800],
    'Notebook, Fountain Pen, Pencil Case, Letter Paper, Desk Pad, Ink Bottle',
  ),
  shelf(
    'art-supplies',
    'Art Supplies',
    3,
    [290, 12_900],
    [20, 2_500],
    'Watercolour Set, Sketchbook, Brush Set, Easel, Charcoal Sticks, Oil Pastels',
  ),
  shelf(
    'musical-instruments',
    'Musical Instruments',
    2,
    [1_290, 89_900],
    [60, 9_000],
    'Ukulele, Harmonica, Cajon, Recorder, Tambourine, Violin Bow, Kalimba',
  ),
  shelf(
    'bags',
    'Bags',
    3,
    [990, 24_900],
    [150, 3_000],
    'Backpack, Tote Bag, Messenger Bag, Weekender, Belt Bag, Laptop Sleeve',
  ),
  shelf(
    'pet-supplies',
    'Pet Supplies',
    3,
    [390, 11_900],
    [60, 9_000],
    'Dog Bed, Cat Tree, Feeding Bowl, Leash, Bird House, Scratching Post',
  ),
  shelf(
    'bath',
    'Bath',
    3,
    [390, 7_900],
    [60, 2_500],
    'Bath Towel, Soap Dish, Shower Curtain, Bath Mat, Back Brush, Laundry Basket',
  ),
];

/** Where goods are sent from. */
export const WAREHOUSES: readonly { name: string; country: string }[] = [
  { name: 'Hamburg Harbour', country: 'DE' },
  { name: 'Leipzig East', country: 'DE' },
  { name: 'Rotterdam Quay', country: 'NL' },
  { name: 'Lyon South', country: 'FR' },
  { name: 'Poznan Ring', country: 'PL' },
  { name: 'Bologna Interporto', country: 'IT' },
];

/** The shelf at a point of [0, 1), by weight. */
export function shelfAt(point: number): number {
  let left = point * TOTAL_WEIGHT;
  for (let index = 0; index < SHELVES.length; index++) {
    left -= SHELVES[index]?.weight ?? 0;
    if (left < 0) return index;
  }
  return 0;
}

const TOTAL_WEIGHT = SHELVES.reduce((sum, each) => sum + each.weight, 0);
