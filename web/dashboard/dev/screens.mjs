// The screens that are photographed and checked: where they are, and what to do before looking.
const shw = (n) => `shw_${String(n).padStart(32, '0')}`;
const all = [[1440, 900], [1180, 820], [390, 844]];
const both = ['light', 'dark'];

export const screens = [
  { name: 'sign-in', path: '/sign-in', signedIn: false, sizes: [[1440, 900], [390, 844]], schemes: both, act: async (page) => {
    await page.getByLabel('E-mail').fill('tomas@kilnandco.example');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
  } },
  { name: 'setup', path: '/setup', signedIn: false },
  { name: 'reset', path: '/reset', signedIn: false },
  { name: 'shows', path: '/shows', sizes: all, schemes: both, act: (page) => page.getByRole('table').waitFor() },
  { name: 'shows-empty', path: '/shows', empty: true, act: (page) => page.getByText('Your first show').waitFor() },
  { name: 'new-show', path: '/shows', act: (page) => page.getByRole('button', { name: 'New show' }).click() },
  { name: 'control-room', path: `/shows/${shw(1)}/live`, sizes: [[1440, 900], [1280, 800], [1180, 820], [390, 844]], schemes: both, settle: 3500, act: async (page, mock) => {
    await page.getByText('On screen now').first().waitFor();
    if (page.viewportSize().width < 640) return;
    mock.room.sold('Sanne in Utrecht', 'Celadon ramen bowl', 2, 'prd');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    if (page.viewportSize().width < 1200) return;
    await page.getByText('Camille R.').click();
    await page.getByRole('toolbar', { name: 'Message from Camille R.' }).getByRole('button', { name: 'Answer' }).click();
    await page.getByLabel('Message', { exact: true }).fill('Yes, both sizes are €39.00 until the show ends.');
    await page.getByText('dea.ls').hover();
    await page.getByRole('toolbar', { name: 'Message from dea.ls' }).getByRole('button', { name: 'Remove' }).click();
  } },
  { name: 'room-chat-phone', path: `/shows/${shw(1)}/live`, sizes: [[390, 844]], schemes: both, settle: 1500, act: async (page) => {
    await page.getByRole('tab', { name: 'Chat' }).click();
    await page.getByText('Camille R.').click();
  } },
  { name: 'room-numbers-phone', path: `/shows/${shw(1)}/live`, sizes: [[390, 844]], settle: 1500, act: (page) => page.getByRole('tab', { name: 'Numbers' }).click() },
  { name: 'room-chat-tab', path: `/shows/${shw(1)}/live`, sizes: [[1180, 820]], settle: 1500, act: (page) => page.getByRole('tab', { name: 'Chat' }).click() },
  { name: 'room-armed', path: `/shows/${shw(1)}/live`, settle: 1500, act: async (page) => {
    await page.getByText('On screen now').waitFor();
    await page.keyboard.press('n');
  } },
  { name: 'room-lost', path: `/shows/${shw(1)}/live`, settle: 2500, before: (mock) => (mock.world.ingest = 'interrupted'), act: (page) => page.getByText('On screen now').waitFor() },
  { name: 'room-offline', path: `/shows/${shw(1)}/live`, settle: 4000, act: async (page, mock) => {
    await page.getByText('Camille R.').waitFor();
    await page.waitForTimeout(500);
    mock.world.down = true;
    mock.room.drop();
  } },
  { name: 'room-end', path: `/shows/${shw(1)}/live`, act: async (page) => {
    await page.getByText('Camille R.').waitFor();
    await page.getByRole('button', { name: 'End show' }).click();
  } },
  { name: 'room-ban', path: `/shows/${shw(1)}/live`, act: async (page) => {
    await page.getByText('dea.ls').hover();
    await page.getByRole('toolbar', { name: 'Message from dea.ls' }).getByRole('button', { name: 'Ban' }).click();
  } },
  { name: 'room-help', path: `/shows/${shw(1)}/live`, act: async (page) => {
    await page.getByText('Camille R.').waitFor();
    await page.keyboard.press('?');
  } },
  { name: 'room-add', path: `/shows/${shw(1)}/live`, schemes: both, act: async (page) => {
    await page.getByText('Camille R.').waitFor();
    await page.getByRole('button', { name: 'Add cue' }).click();
    await page.getByRole('button', { name: 'Flash sale', exact: true }).click();
    await page.getByRole('radio').nth(2).click();
  } },
  { name: 'room-log', path: `/shows/${shw(1)}/live`, act: async (page) => {
    await page.getByText('Camille R.').waitFor();
    await page.getByRole('tab', { name: 'Log' }).click();
  } },
  { name: 'room-moderator', path: `/shows/${shw(1)}/live`, role: 'moderator', settle: 1500 },
];
