import { Link } from 'wouter';
import { Page } from '../shell/Page';
import { Blank } from '../ui/Blank';

export function NotFound() {
  return (
    <Page title="Nothing here">
      <Blank
        icon="search"
        title="There is nothing at this address"
        actions={
          <Link className="btn btn--s" to="/shows">
            To the shows
          </Link>
        }
      >
        It may have been deleted, or it belongs to someone else's part of the shop.
      </Blank>
    </Page>
  );
}
