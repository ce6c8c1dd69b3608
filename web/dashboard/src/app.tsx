import { useQuery, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { onSignedOut, Problem } from './api/http';
import { me, queryClient } from './api/queries';
import { PasswordQuestion } from './lib/password';
import { SessionProvider, useMay } from './lib/session';
import { setShopClock } from './lib/time';
import type { Action } from './lib/roles';
import { LoadFailure } from './ui/Blank';
import { NotFound } from './screens/NotFound';
import { SignIn } from './screens/sign-in/SignIn';
import { SignInAgain } from './screens/sign-in/SignInAgain';
import { Setup } from './screens/sign-in/Setup';
import { Reset } from './screens/sign-in/Reset';
import { Shows } from './screens/shows/Shows';
import { ShowEditor } from './screens/show-editor/ShowEditor';
import { Products } from './screens/products/Products';
import { ProductEditor } from './screens/products/ProductEditor';
import { Orders } from './screens/orders/Orders';
import { OrderDetail } from './screens/orders/OrderDetail';
import { Settings } from './screens/settings/Settings';

// The two screens with a player are files of their own: the rest opens without it.
const ControlRoom = lazy(async () => ({ default: (await import('./screens/control-room/ControlRoom')).ControlRoom }));
const Studio = lazy(async () => ({ default: (await import('./screens/studio/Studio')).Studio }));

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Router base="/dashboard">
        <Switch>
          <Route path="/sign-in" component={SignIn} />
          <Route path="/setup" component={Setup} />
          <Route path="/reset" component={Reset} />
          <Route>
            <SignedIn>
              <Screens />
            </SignedIn>
          </Route>
        </Switch>
      </Router>
    </QueryClientProvider>
  );
}

/** Everything behind the sign-in. Signed out while away, the page stays and a dialog asks. */
function SignedIn({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  const session = useQuery(me);
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => onSignedOut(() => setSignedOut(queryClient.getQueryData(me.queryKey) !== undefined)), []);
  if (session.data) {
    setShopClock(session.data.shop.timezone);
    return (
      <SessionProvider value={session.data}>
        {children}
        <PasswordQuestion />
        {signedOut && <SignInAgain email={session.data.user.email} onDone={() => setSignedOut(false)} />}
      </SessionProvider>
    );
  }
  if (session.error instanceof Problem && session.error.status === 401) {
    return <Redirect to={location === '/' ? '/sign-in' : `/sign-in?then=${encodeURIComponent(location)}`} replace />;
  }
  if (session.error) {
    return (
      <main className="alone">
        <LoadFailure what="The dashboard" error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  return <main className="alone" aria-busy="true" />;
}

function Screens() {
  return (
    <Suspense fallback={<main className="alone" aria-busy="true" />}>
      <Switch>
        <Route path="/">
          <Redirect to="/shows" replace />
        </Route>
        <Route path="/shows" component={Shows} />
        <Route path="/shows/:id/live">{({ id }) => <ControlRoom key={id} showId={id} />}</Route>
        <Route path="/shows/:id/studio">
          {({ id }) => (
            <Only may="use the studio">
              <Studio key={id} showId={id} />
            </Only>
          )}
        </Route>
        <Route path="/shows/:id">
          {({ id }) => (
            <Only may="edit shows">
              <ShowEditor key={id} showId={id} />
            </Only>
          )}
        </Route>
        <Route path="/products">
          {() => (
            <Only may="edit products">
              <Products />
            </Only>
          )}
        </Route>
        <Route path="/products/:id">
          {({ id }) => (
            <Only may="edit products">
              <ProductEditor key={id} productId={id} />
            </Only>
          )}
        </Route>
        <Route path="/orders">
          {() => (
            <Only may="see orders">
              <Orders />
            </Only>
          )}
        </Route>
        <Route path="/orders/:id">
          {({ id }) => (
            <Only may="see orders">
              <OrderDetail key={id} orderId={id} />
            </Only>
          )}
        </Route>
        <Route path="/settings/:part?">
          {({ part }) => (
            <Only may="see settings">
              <Settings part={part ?? 'shop'} />
            </Only>
          )}
        </Route>
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}

/** An address typed by someone who may not go there looks like one that isn't there. */
function Only({ may, children }: { may: Action; children: ReactNode }) {
  return useMay()(may) ? children : <NotFound />;
}
