import { openStore } from '../../src/store/open-store.js';
import { createClock } from '../helpers/clock.js';

const clock = createClock();

describe('openStore', () => {
  it('says that MongoDB is not there, without repeating the password', async () => {
    const error = await openStore('mongodb://user:secret@host/sayso', { clock }).catch(String);
    expect(error).toMatch(/has no MongoDB store/);
    expect(error).not.toMatch(/secret/);
  });

  it('refuses an address that it does not know', async () => {
    await expect(openStore('postgres://host/sayso', { clock })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('sqlite:') as string,
    });
  });
});
