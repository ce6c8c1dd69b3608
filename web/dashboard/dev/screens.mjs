// The screens that are photographed and checked: where they are, and what to do before looking.
const shw = (n) => `shw_${String(n).padStart(32, '0')}`;
const all = [
  [1440, 900],
  [1180, 820],
  [390, 844],
];
const both = ['light', 'dark'];

export const screens = [
  {
    name: 'sign-in',
    path: '/sign-in',
    signedIn: false,
    sizes: [
      [1440, 900],
      [390, 844],
    ],
    schemes: both,
    act: async (page) => {
      await page.getByLabel('E-mail').fill('tomas@kilnandco.example');
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'setup', path: '/setup', signedIn: false },
  { name: 'reset', path: '/reset', signedIn: false },
  { name: 'shows', path: '/shows', sizes: all, schemes: both, act: (page) => page.getByRole('table').waitFor() },
  { name: 'shows-empty', path: '/shows', empty: true, act: (page) => page.getByText('Your first show').waitFor() },
  { name: 'new-show', path: '/shows', act: (page) => page.getByRole('button', { name: 'New show' }).click() },
  {
    name: 'control-room',
    path: `/shows/${shw(1)}/live`,
    sizes: [
      [1440, 900],
      [1280, 800],
      [1180, 820],
      [390, 844],
    ],
    schemes: both,
    settle: 3500,
    act: async (page, mock) => {
      if (page.viewportSize().width < 640) return void (await page.getByText('On screen,').waitFor());
      await page.getByText('On screen now').first().waitFor();
      mock.room.sold('Sanne in Utrecht', 'Celadon ramen bowl', 2, 'prd');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      if (page.viewportSize().width < 1200) return;
      await page.getByText('Camille R.').click();
      await page
        .getByRole('toolbar', { name: 'Message from Camille R.' })
        .getByRole('button', { name: 'Answer' })
        .click();
      await page.getByLabel('Message', { exact: true }).fill('Yes, both sizes are €39.00 until the show ends.');
      const spam = page.getByText('cheaper at celadon-outlet');
      if ((await spam.count()) === 0) return;
      await spam.hover();
      await page.getByRole('toolbar', { name: 'Message from dea.ls' }).getByRole('button', { name: 'Remove' }).click();
    },
  },
  {
    name: 'room-chat-phone',
    path: `/shows/${shw(1)}/live`,
    sizes: [[390, 844]],
    schemes: both,
    settle: 1500,
    act: async (page) => {
      await page.getByRole('tab', { name: 'Chat' }).click();
      await page.getByText('Camille R.').click();
    },
  },
  {
    name: 'room-numbers-phone',
    path: `/shows/${shw(1)}/live`,
    sizes: [[390, 844]],
    settle: 1500,
    act: (page) => page.getByRole('tab', { name: 'Numbers' }).click(),
  },
  {
    name: 'room-chat-tab',
    path: `/shows/${shw(1)}/live`,
    sizes: [[1180, 820]],
    settle: 1500,
    act: (page) => page.getByRole('tab', { name: 'Chat' }).click(),
  },
  {
    name: 'room-armed',
    path: `/shows/${shw(1)}/live`,
    settle: 1500,
    act: async (page) => {
      await page.getByText('On screen now').waitFor();
      await page.keyboard.press('n');
    },
  },
  {
    name: 'room-lost',
    path: `/shows/${shw(1)}/live`,
    settle: 2500,
    before: (mock) => (mock.world.ingest = 'interrupted'),
    act: (page) => page.getByText('On screen now').waitFor(),
  },
  {
    name: 'room-offline',
    path: `/shows/${shw(1)}/live`,
    settle: 4000,
    act: async (page, mock) => {
      await page.getByText('Camille R.').waitFor();
      await page.waitForTimeout(500);
      mock.world.down = true;
      mock.room.drop();
    },
  },
  {
    name: 'room-end',
    path: `/shows/${shw(1)}/live`,
    act: async (page) => {
      await page.getByText('Camille R.').waitFor();
      await page.getByRole('button', { name: 'End show' }).click();
    },
  },
  {
    name: 'room-ban',
    path: `/shows/${shw(1)}/live`,
    act: async (page) => {
      await page.getByText('dea.ls').hover();
      await page.getByRole('toolbar', { name: 'Message from dea.ls' }).getByRole('button', { name: 'Ban' }).click();
    },
  },
  {
    name: 'room-help',
    path: `/shows/${shw(1)}/live`,
    act: async (page) => {
      await page.getByText('Camille R.').waitFor();
      await page.keyboard.press('?');
    },
  },
  {
    name: 'room-add',
    path: `/shows/${shw(1)}/live`,
    schemes: both,
    act: async (page) => {
      await page.getByText('Camille R.').waitFor();
      await page.getByRole('button', { name: 'Add cue' }).click();
      await page.getByRole('button', { name: 'Flash sale', exact: true }).click();
      await page.getByRole('radio').nth(2).click();
    },
  },
  {
    name: 'room-log',
    path: `/shows/${shw(1)}/live`,
    act: async (page) => {
      await page.getByText('Camille R.').waitFor();
      await page.getByRole('tab', { name: 'Log' }).click();
    },
  },
  {
    name: 'room-moderator',
    path: `/shows/${shw(1)}/live`,
    role: 'moderator',
    settle: 1500,
    act: (page) => page.getByText('Camille R.').waitFor(),
  },
  {
    name: 'studio',
    path: `/shows/${shw(2)}/studio`,
    sizes: all,
    schemes: both,
    settle: 3000,
    act: (page) => page.getByText('Receiving').waitFor(),
  },
  {
    name: 'studio-waiting',
    path: `/shows/${shw(2)}/studio`,
    sizes: all,
    before: (mock) => (mock.world.ingest = 'waiting'),
    act: (page) => page.getByText('Waiting for your encoder').waitFor(),
  },
  {
    name: 'studio-key',
    path: `/shows/${shw(2)}/studio`,
    before: (mock) => (mock.world.ingest = 'waiting'),
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a stream key' }).click();
      await page.getByRole('button', { name: 'I have stored it' }).waitFor();
    },
  },
  {
    name: 'studio-warning',
    path: `/shows/${shw(2)}/studio`,
    settle: 2000,
    before: (mock) => (mock.world.ingest = 'warning'),
    act: (page) => page.getByText('Key frames come every').first().waitFor(),
  },
  {
    name: 'show-editor',
    path: `/shows/${shw(4)}`,
    sizes: [
      [1440, 900],
      [1180, 820],
      [390, 844],
    ],
    schemes: both,
    full: true,
    act: async (page) => {
      await page.getByLabel('Live price of Salt-glaze pitcher').fill('92.00');
      await page.getByLabel('What it is about').click();
    },
  },
  { name: 'products', path: '/products', sizes: all, schemes: both, act: (page) => page.getByRole('table').waitFor() },
  {
    name: 'products-open',
    path: '/products',
    act: async (page) => page.getByRole('button', { name: '2 sizes of Celadon ramen bowl' }).click(),
  },
  {
    name: 'product-editor',
    path: `/products/prd_${String(3).padStart(32, '0')}`,
    sizes: all,
    schemes: both,
    act: (page) => page.getByText('Ledger').waitFor(),
  },
  {
    name: 'product-adjust',
    path: `/products/prd_${String(3).padStart(32, '0')}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Adjust the stock of Small, 14 cm' }).click();
      await page.getByLabel('Pieces').fill('12');
    },
  },
  {
    name: 'product-new',
    path: '/products/new',
    act: async (page) => {
      await page.getByRole('button', { name: 'Save' }).click();
    },
  },
  {
    name: 'orders',
    path: '/orders',
    sizes: all,
    schemes: both,
    settle: 1200,
    act: async (page, mock) => {
      await page.getByRole('link', { name: '10482' }).waitFor();
      if (page.viewportSize().width === 1440) {
        mock.newOrder();
        mock.newOrder();
        mock.newOrder();
        await page.getByText('new orders').waitFor();
      }
    },
  },
  { name: 'orders-none', path: '/orders?q=teapott', act: (page) => page.getByText('No order matches').waitFor() },
  {
    name: 'order',
    path: `/orders/ord_${String(10474).padStart(32, '0')}`,
    sizes: all,
    schemes: both,
    settle: 900,
    act: (page) => page.getByText('The moment it was placed').waitFor(),
  },
  {
    name: 'refund',
    path: `/orders/ord_${String(10482).padStart(32, '0')}`,
    sizes: [
      [1440, 900],
      [390, 844],
    ],
    schemes: both,
    act: async (page) => {
      await page.getByRole('button', { name: 'Refund…' }).click();
      await page.getByRole('button', { name: 'One more' }).first().click();
    },
  },
  {
    name: 'refund-password',
    path: `/orders/ord_${String(10482).padStart(32, '0')}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Refund…' }).click();
      await page.getByRole('button', { name: 'One more' }).first().click();
      await page.getByRole('button', { name: /^Refund €/ }).click();
      await page.getByText('Confirm that it is you').waitFor();
    },
  },
  {
    name: 'mail',
    path: `/orders/ord_${String(10482).padStart(32, '0')}`,
    act: (page) => page.getByRole('button', { name: /Your order/ }).click(),
  },
  { name: 'settings-shop', path: '/settings/shop', schemes: both, act: (page) => page.getByLabel('Name').waitFor() },
  {
    name: 'settings-people',
    path: '/settings/people',
    sizes: all,
    schemes: both,
    role: 'owner',
    act: (page) => page.getByRole('table', { name: 'People' }).waitFor(),
  },
  { name: 'settings-sites', path: '/settings/sites', schemes: both, act: (page) => page.getByRole('table').waitFor() },
  { name: 'nowhere', path: '/nowhere' },
];
