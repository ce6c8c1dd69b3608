import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import bowl from '../../art/bowl.svg';
import teapot from '../../art/teapot.svg';
import vase from '../../art/vase.svg';
import { products } from '../../api/queries';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';

/** Before the first show: one thing to do, and what comes with it. */
export function EmptyShows({ onPlan }: { onPlan: () => void }) {
  const stocked = (useQuery(products()).data?.items.length ?? 0) > 0;
  return (
    <div className="empty">
      <div className="empty__pics">
        <img src={vase} alt="" />
        <img src={bowl} alt="" />
        <img src={teapot} alt="" />
      </div>
      <h2>Your first show can be tonight</h2>
      <p>A title and a time are enough to start. Nobody sees it before you publish it.</p>
      <Button look="solid" size="l" icon="plus" onClick={onPlan}>
        Plan a show
      </Button>
      <ol className="empty__steps">
        <li className="is-done">
          <span>
            <Icon name="check" size="s" />
          </span>
          Make the shop<small>Done</small>
        </li>
        <li className={stocked ? 'is-done' : ''}>
          <span>{stocked ? <Icon name="check" size="s" /> : 2}</span>
          <Link to="/products">Add products</Link>
          <small>{stocked ? 'Done' : 'With pictures, prices and stock'}</small>
        </li>
        <li>
          <span>3</span>
          <Link to="/settings/sites">Put the player in your shop</Link>
          <small>Two lines of HTML</small>
        </li>
      </ol>
    </div>
  );
}
